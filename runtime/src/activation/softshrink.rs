use crate::{
    kernels::{Map, isa::Vector},
    parameters::Parameters,
    scalar::Scalar,
};

/// `x`, nearer to zero by `lambd`, and zero from −`lambd` to `lambd`, as
/// [`torch.nn.Softshrink`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softshrink.html).
///
#[doc = include_str!("plots/softshrink.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Softshrink);
/// let y = net.forward(&SVector::from([-1.5]));
/// assert!((y[0] - -1.0).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Softshrink {
    /// How much nearer; 0.5 by default.
    #[parameters(constant = 0.5)]
    pub lambd: f64,
}

impl Map for Softshrink {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let lambd = V::splat(isa, V::Scalar::from_f64(self.lambd));
        let below = x.select_less(zero.sub(lambd), x.add(lambd), x.mul(zero).add(zero));
        lambd.select_less(x, x.sub(lambd), below)
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        super::hardshrink::outside(isa, self.lambd, x)
    }
}

elementwise!(Softshrink);
