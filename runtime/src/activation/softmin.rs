use nalgebra::SVector;

use crate::{
    activation::Activation,
    backward::{Backward, trainable_by_backward},
    kernels::Function,
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
        for x in x.iter_mut() {
            *x = -*x;
        }
        T::apply(Function::Softmax, x, x.len());
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
