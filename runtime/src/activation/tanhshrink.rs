use crate::{
    kernels::{Map, functions, isa::Vector, math},
    parameters::Parameters,
    scalar::Scalar,
};

/// `x − tanh x`, as
/// [`torch.nn.Tanhshrink`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html).
///
#[doc = include_str!("plots/tanhshrink.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Tanhshrink);
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - -0.238_405_84).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Tanhshrink;

impl Map for Tanhshrink {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        // As in PyTorch, zero has no sign.
        functions::tanhshrink(isa, x).add(V::splat(isa, V::Scalar::ZERO))
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let [y] = math::tanh(isa, [x]);
        y.mul(y)
    }
}

elementwise!(Tanhshrink);
