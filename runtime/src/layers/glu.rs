#![allow(unsafe_code, reason = "the trait's promise")]
#![allow(
    clippy::inline_always,
    reason = "a body gets the instruction set of the function that it is inlined into"
)]

use core::mem::MaybeUninit;

use nalgebra::SMatrix;

use crate::{
    flow::slide::{Slide, slides, zeroed},
    image::Image,
    kernels::{Function, MapWith, isa::Vector, map_with, math},
    parameters::Parameters,
    scalar::Scalar,
};

/// `a · sigmoid(b)`, where `a` is the first half of the input and `b` the second, as
/// [`torch.nn.GLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GLU.html): `GLU` in a
/// declaration. It takes 2 `OUT` numbers and gives `OUT`; of a window or an image, so many channels, with
/// `dim = 1`.
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(4) -> GLU);
/// assert_eq!(net.forward(&SVector::from([3.0, 5.0, 0.0, 100.0])), SVector::from([1.5, 5.0]));
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct GLU<const OUT: usize> {
    /// The dimension that is halved, as that of [`Softmax`](crate::Softmax).
    #[parameters(constant = -1)]
    pub dim: isize,
}

/// `Slide` of a kind of value, and what follows from it.
macro_rules! halves {
    ([$($generics:tt)*] $X:ty => $Y:ty) => {
        slides! { [<T: Scalar, const C: usize, const OUT: usize, $($generics)*>] $X => $Y, GLU<OUT> }

        // SAFETY: the output and the gradient are whole at once.
        unsafe impl<T: Scalar, const C: usize, const OUT: usize, $($generics)*> Slide<$X>
            for GLU<OUT>
        {
            #[inline]
            fn slide(&self, x: &$X, y: &mut MaybeUninit<$Y>, function: Function) {
                const {
                    assert!(C == 2 * OUT, "`GLU` takes twice as many numbers as it gives");
                };
                let y = zeroed(y).as_mut_slice();
                for (x, y) in x.as_slice().chunks_exact(C.max(1)).zip(y.chunks_exact_mut(OUT.max(1))) {
                    let (values, gates) = x.split_at(OUT);
                    y.copy_from_slice(values);
                    map_with(&Gate, y, [gates]);
                }
                T::apply(function, y, OUT);
            }

            fn slide_back(
                &self,
                _: &mut Self,
                x: &$X,
                dy: &$Y,
                dx: Option<&mut MaybeUninit<$X>>,
            ) {
                let Some(dx) = dx else {
                    return;
                };
                let dx = zeroed(dx).as_mut_slice().chunks_exact_mut(C.max(1));
                let places = x.as_slice().chunks_exact(C.max(1)).zip(dy.as_slice().chunks_exact(OUT.max(1)));
                for (dx, (x, dy)) in dx.zip(places) {
                    for (i, dy) in dy.iter().enumerate() {
                        let gate = x[OUT + i].sigmoid();
                        dx[i] = *dy * gate;
                        dx[OUT + i] = *dy * x[i] * gate * (T::ONE - gate);
                    }
                }
            }
        }
    };
}

halves! { [const S: usize] SMatrix<T, C, S> => SMatrix<T, OUT, S> }
halves! { [const H: usize, const W: usize] Image<T, C, H, W> => Image<T, OUT, H, W> }

struct Gate;

impl MapWith<1> for Gate {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V, [gate]: [V; 1]) -> V {
        let [gate] = math::sigmoid(isa, [gate]);
        x.mul(gate)
    }
}
