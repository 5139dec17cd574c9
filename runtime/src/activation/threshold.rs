use crate::{
    kernels::{Map, isa::Vector},
    parameters::Parameters,
    scalar::Scalar,
};

/// `x` where it is above `threshold`, else `value`, as
/// [`torch.nn.Threshold`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Threshold.html). NaN
/// stays NaN.
///
#[doc = include_str!("plots/threshold.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Threshold(0.1, 20.0));
/// let y = net.forward(&SVector::from([-1.5]));
/// assert!((y[0] - 20.0).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Threshold {
    /// Above it, `x` stays; it has to be given.
    #[parameters(constant = 0.0)]
    pub threshold: f64,
    /// The output elsewhere; it has to be given.
    #[parameters(constant = 0.0)]
    pub value: f64,
}

impl Map for Threshold {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let infinity = V::splat(isa, V::Scalar::NEG_INFINITY);
        let value = V::splat(isa, V::Scalar::from_f64(self.value));
        let y = V::splat(isa, V::Scalar::from_f64(self.threshold)).select_less(x, x, value);
        // Nothing is less than NaN.
        infinity.select_less(x.abs(isa), y, x)
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let one = V::splat(isa, V::Scalar::ONE);
        V::splat(isa, V::Scalar::from_f64(self.threshold)).select_less(x, one, zero)
    }
}

elementwise!(Threshold);
