use crate::{activation::Activation, kernels::Function, parameters::Parameters, scalar::Scalar};

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
