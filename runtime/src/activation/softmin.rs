use nalgebra::SVector;

use crate::{
    activation::Activation,
    backward::{Backward, trainable_by_backward},
    flow::Flow,
    kernels::{Function, Map, isa::Vector, map},
    parameters::Parameters,
    scalar::Scalar,
};

/// The [`Softmax`](super::Softmax) of `−x`, as
/// [`torch.nn.Softmin`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmin.html).
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(2) -> Softmin);
/// let y = net.forward(&SVector::from([0.0, 1.0]));
/// assert!((y[0] - 0.731_058_6).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Softmin {
    /// The dimension that sums to one, as that of [`Softmax`](super::Softmax).
    #[parameters(constant = -1)]
    pub dim: isize,
}

impl Activation for Softmin {
    #[inline]
    fn apply<T: Scalar>(&self, x: &mut [T]) {
        map(&Negative, x);
        T::apply(Function::Softmax, x, x.len());
    }

    #[inline(always)]
    fn pass<F: Flow, T: Scalar, const N: usize>(
        &self,
        flow: &mut F,
        x: F::Of<SVector<T, N>>,
    ) -> F::Of<SVector<T, N>> {
        let negative = flow.map::<SVector<T, N>, _>(&Negative, x);
        flow.function::<SVector<T, N>>(Function::Softmax, negative)
    }
}

/// `−x`
struct Negative;

impl Map for Negative {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        V::splat(isa, V::Scalar::ZERO).sub(x)
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, _: V) -> V {
        V::splat(isa, V::Scalar::from_f64(-1.0))
    }
}

impl<T: Scalar, const N: usize> Backward<SVector<T, N>> for Softmin {
    fn backward(
        &self,
        _: &mut Self,
        _: &SVector<T, N>,
        y: &SVector<T, N>,
        dy: &SVector<T, N>,
    ) -> SVector<T, N> {
        let sum = dy.dot(y);
        y.zip_map(dy, |y, dy| y * (sum - dy))
    }
}

trainable_by_backward! { [<T: Scalar, const N: usize>] [] SVector<T, N>, Softmin }
