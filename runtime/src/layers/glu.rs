#![allow(
    clippy::inline_always,
    reason = "a body gets the instruction set of the function that it is inlined into"
)]

use nalgebra::SVector;

use crate::{
    backward::{Backward, trainable_by_backward},
    kernels::{MapWith, isa::Vector, map_with, math},
    layer::Layer,
    parameters::Parameters,
    scalar::Scalar,
};

/// `a · sigmoid(b)`, where `a` is the first half of the input and `b` the second, as
/// [`torch.nn.GLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GLU.html): `GLU` in a
/// declaration. It takes 2 `OUT` numbers and gives `OUT`.
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

impl<T: Scalar, const N: usize, const OUT: usize> Layer<SVector<T, N>> for GLU<OUT> {
    type Output = SVector<T, OUT>;

    #[inline]
    fn forward(&self, input: &SVector<T, N>) -> SVector<T, OUT> {
        const {
            assert!(
                N == 2 * OUT,
                "`GLU` takes twice as many numbers as it gives"
            );
        };
        let (values, gates) = input.as_slice().split_at(OUT);
        let mut output = SVector::<T, OUT>::from_column_slice(values);
        map_with(&Gate, output.as_mut_slice(), [gates]);
        output
    }
}

impl<T: Scalar, const N: usize, const OUT: usize> Backward<SVector<T, N>> for GLU<OUT> {
    fn backward(
        &self,
        _: &mut Self,
        x: &SVector<T, N>,
        y: &SVector<T, OUT>,
        dy: &SVector<T, OUT>,
    ) -> SVector<T, N> {
        let mut dx = SVector::<T, N>::from_element(T::ZERO);
        for i in 0..OUT {
            let gate = x[OUT + i].sigmoid();
            dx[i] = dy[i] * gate;
            dx[OUT + i] = dy[i] * y[i] * (T::ONE - gate);
        }
        dx
    }
}

trainable_by_backward! {
    [<T: Scalar, const N: usize, const OUT: usize>] [] SVector<T, N>, GLU<OUT>
}

struct Gate;

impl MapWith<1> for Gate {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V, [gate]: [V; 1]) -> V {
        let [gate] = math::sigmoid(isa, [gate]);
        x.mul(gate)
    }
}
