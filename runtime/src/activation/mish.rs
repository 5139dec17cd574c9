use crate::{
    kernels::{Map, functions, isa::Vector},
    parameters::Parameters,
};

/// `x · tanh(ln(1 + eˣ))`, as
/// [`torch.nn.Mish`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Mish.html).
///
#[doc = include_str!("plots/mish.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Mish);
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - -0.303_401_5).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Mish;

impl Map for Mish {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        functions::mish(isa, x)
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        functions::mish_slope(isa, x)
    }
}

elementwise!(Mish);
