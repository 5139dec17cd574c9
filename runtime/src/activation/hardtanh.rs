use crate::{
    kernels::{Map, isa::Vector},
    parameters::Parameters,
    scalar::Scalar,
};

/// `x`, but `min_val` at the least and `max_val` at the most, as
/// [`torch.nn.Hardtanh`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html). NaN stays NaN.
///
#[doc = include_str!("plots/hardtanh.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Hardtanh);
/// let y = net.forward(&SVector::from([-3.0]));
/// assert!((y[0] - -1.0).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Hardtanh {
    /// The least output; −1 by default.
    #[parameters(constant = -1.0)]
    pub min_val: f64,
    /// The largest; 1 by default.
    #[parameters(constant = 1.0)]
    pub max_val: f64,
}

impl Map for Hardtanh {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let (least, most) = (
            V::splat(isa, V::Scalar::from_f64(self.min_val)),
            V::splat(isa, V::Scalar::from_f64(self.max_val)),
        );
        most.min(least.max(x))
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let one = V::splat(isa, V::Scalar::ONE);
        let (least, most) = (
            V::splat(isa, V::Scalar::from_f64(self.min_val)),
            V::splat(isa, V::Scalar::from_f64(self.max_val)),
        );
        least.select_less(x, x.select_less(most, one, zero), zero)
    }
}

elementwise!(Hardtanh);
