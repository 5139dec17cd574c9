use crate::{
    kernels::{Map, isa::Vector},
    parameters::Parameters,
    scalar::Scalar,
};

/// `x · min(max(x + 3, 0), 6) / 6`, as
/// [`torch.nn.Hardswish`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardswish.html). NaN
/// stays NaN.
///
#[doc = include_str!("plots/hardswish.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Hardswish);
/// let y = net.forward(&SVector::from([-1.5]));
/// assert!((y[0] - -0.375).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Hardswish;

impl Map for Hardswish {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        x.mul(super::hardsigmoid::hardsigmoid(isa, x))
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let one = V::splat(isa, V::Scalar::ONE);
        let three = V::splat(isa, V::Scalar::from_f64(3.0));
        let third = V::splat(isa, V::Scalar::from_f64(1.0 / 3.0));
        let half = V::splat(isa, V::Scalar::from_f64(0.5));
        let inside = x.mul_add(third, half);
        let below = zero.sub(three).select_less(x, inside, zero);
        x.select_less(three, below, one)
    }
}

elementwise!(Hardswish);
