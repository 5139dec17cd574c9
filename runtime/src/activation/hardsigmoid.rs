use crate::{
    kernels::{Map, isa::Vector},
    parameters::Parameters,
    scalar::Scalar,
};

/// `min(max(x + 3, 0), 6) / 6`
#[inline(always)]
pub(super) fn hardsigmoid<V: Vector>(isa: V::Isa, x: V) -> V {
    let three = V::splat(isa, V::Scalar::from_f64(3.0));
    let six = V::splat(isa, V::Scalar::from_f64(6.0));
    let zero = V::splat(isa, V::Scalar::ZERO);
    six.min(zero.max(x.add(three))).div(six)
}

/// `min(max(x + 3, 0), 6) / 6`, as
/// [`torch.nn.Hardsigmoid`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html).
/// NaN stays NaN.
///
#[doc = include_str!("plots/hardsigmoid.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Hardsigmoid);
/// let y = net.forward(&SVector::from([-1.5]));
/// assert!((y[0] - 0.25).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Hardsigmoid;

impl Map for Hardsigmoid {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        hardsigmoid(isa, x)
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let three = V::splat(isa, V::Scalar::from_f64(3.0));
        let sixth = V::splat(isa, V::Scalar::from_f64(1.0 / 6.0));
        x.abs(isa)
            .select_less(three, sixth, zero)
    }
}

elementwise!(Hardsigmoid);
