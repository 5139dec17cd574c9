use crate::{
    kernels::{Map, functions, isa::Vector, math},
    parameters::Parameters,
    scalar::Scalar,
};

/// `x / (1 + e⁻ˣ)`, also known as swish, as
/// [`torch.nn.SiLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SiLU.html).
///
#[doc = include_str!("plots/silu.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> SiLU);
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - -0.268_941_43).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct SiLU;

impl Map for SiLU {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        functions::silu(isa, x)
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let one = V::splat(isa, V::Scalar::ONE);
        let [y] = math::sigmoid(isa, [x]);
        x.mul(one.sub(y)).mul_add(y, y)
    }
}

elementwise!(SiLU);
