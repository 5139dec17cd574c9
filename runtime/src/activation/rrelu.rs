use crate::{activation::Activation, kernels::Function, parameters::Parameters, scalar::Scalar};

/// `x` where it is positive, else `x` times the mean of `lower` and `upper`, as
/// [`torch.nn.RReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RReLU.html)
/// when it doesn't train (then the slope is drawn from between the two).
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> RReLU);
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - -0.229_166_67).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct RReLU {
    /// The least slope; 1/8 by default.
    #[parameters(constant = 0.125)]
    pub lower: f64,
    /// The largest; 1/3 by default.
    #[parameters(constant = 1.0 / 3.0)]
    pub upper: f64,
}

impl Activation for RReLU {
    #[inline]
    fn apply<T: Scalar>(&self, x: &mut [T]) {
        T::apply(Function::LeakyReLU(self.slope()), x, x.len());
    }

    #[inline(always)]
    fn function(&self) -> Option<Function> {
        Some(Function::LeakyReLU(self.slope()))
    }
}

impl RReLU {
    #[inline(always)]
    fn slope(&self) -> f64 {
        f64::midpoint(self.lower, self.upper)
    }
}
