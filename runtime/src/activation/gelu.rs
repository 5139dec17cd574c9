use crate::{
    kernels::{Map, functions, isa::Vector},
    parameters::Parameters,
};

/// How [`GELU`] is calculated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approximate {
    /// By the normal distribution itself.
    None,
    /// By a hyperbolic tangent that is near it.
    Tanh,
}

/// `x · Φ(x)`, with Φ the standard normal distribution's function, as
/// [`torch.nn.GELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GELU.html); with
/// `approximate = "tanh"`, `x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2`.
///
#[doc = include_str!("plots/gelu.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> GELU);
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - -0.158_655_26).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct GELU {
    /// `"none"` in a declaration, which is the default, or `"tanh"`.
    #[parameters(constant = Approximate::None)]
    pub approximate: Approximate,
}

impl Map for GELU {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        match self.approximate {
            Approximate::None => functions::gelu(isa, x),
            Approximate::Tanh => functions::gelu_tanh(isa, x),
        }
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        match self.approximate {
            Approximate::None => functions::gelu_slope(isa, x),
            Approximate::Tanh => functions::gelu_tanh_slope(isa, x),
        }
    }
}

elementwise!(GELU);
