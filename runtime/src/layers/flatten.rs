#![allow(unsafe_code, reason = "the trait's promise")]
#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]

use core::mem::MaybeUninit;

use nalgebra::SVector;

use crate::{
    flow::slide::{Slide, slides, zeroed},
    kernels::{Function, transpose_little},
    parameters::Parameters,
    value::Value,
};

/// The numbers of a window or an image as a vector, in PyTorch's order, channel by channel, as
/// [`torch.nn.Flatten`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html): `Flatten` in a
/// declaration.
///
/// ```
/// use layerwise::{SMatrix, SVector, network};
///
/// let net = network!(Input(2, 3) -> Flatten);
/// let steps = SMatrix::from([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]);
/// assert_eq!(net.forward(&steps), SVector::from([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Flatten<const N: usize> {
    /// The first dimension that is flattened: 1, behind that of the batch.
    #[parameters(constant = 1)]
    pub start_dim: isize,
    /// The last one: −1, the last there is.
    #[parameters(constant = -1)]
    pub end_dim: isize,
}

slides! { [<X: Value, const N: usize>] X => SVector<X::Scalar, N>, Flatten<N> }

// SAFETY: the output is filled number by number, and the gradient is whole at once.
unsafe impl<X: Value, const N: usize> Slide<X> for Flatten<N> {
    #[inline]
    fn slide(&self, x: &X, y: &mut MaybeUninit<SVector<X::Scalar, N>>, function: Function) {
        const { assert!(X::LEN == N, "a vector of all numbers") };
        let sizes = [X::SHAPE.places(), X::CHANNELS];
        // SAFETY: a value has its channels in each place, and the vector is as long.
        let y = unsafe {
            transpose_little(x.as_slice().as_ptr(), y.as_mut_ptr().cast(), sizes);
            y.assume_init_mut().as_mut_slice()
        };
        if function != Function::Identity {
            <X::Scalar as crate::Scalar>::apply(function, y, N);
        }
    }

    fn slide_back(
        &self,
        _: &mut Self,
        _: &X,
        dy: &SVector<X::Scalar, N>,
        dx: Option<&mut MaybeUninit<X>>,
    ) {
        let Some(dx) = dx else {
            return;
        };
        let dx = zeroed(dx).as_mut_slice();
        let dy = dy.as_slice().chunks_exact(X::SHAPE.places().max(1));
        for (channel, dy) in dy.enumerate() {
            for (dx, dy) in dx.chunks_exact_mut(X::CHANNELS.max(1)).zip(dy) {
                if let Some(dx) = dx.get_mut(channel) {
                    *dx = *dy;
                }
            }
        }
    }
}
