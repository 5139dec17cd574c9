use crate::{
    kernels::{Map, isa::Vector},
    parameters::Parameters,
    scalar::Scalar,
};

/// `x`, and zero from −`lambd` to `lambd`, as
/// [`torch.nn.Hardshrink`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html). NaN
/// stays NaN.
///
#[doc = include_str!("plots/hardshrink.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Hardshrink);
/// let y = net.forward(&SVector::from([-1.5]));
/// assert!((y[0] - -1.5).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Hardshrink {
    /// Up to where it is zero; 0.5 by default.
    #[parameters(constant = 0.5)]
    pub lambd: f64,
}

impl Map for Hardshrink {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let lambd = V::splat(isa, V::Scalar::from_f64(self.lambd));
        // Zero, or NaN of NaN.
        let inside = x.mul(zero).add(zero);
        lambd.select_less(x.abs(isa), x, inside)
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        outside(isa, self.lambd, x)
    }
}

elementwise!(Hardshrink);

/// Whether |x| is above it: one or zero.
#[inline(always)]
pub(super) fn outside<V: Vector>(isa: V::Isa, lambd: f64, x: V) -> V {
    let zero = V::splat(isa, V::Scalar::ZERO);
    let one = V::splat(isa, V::Scalar::ONE);
    V::splat(isa, V::Scalar::from_f64(lambd)).select_less(x.abs(isa), one, zero)
}
