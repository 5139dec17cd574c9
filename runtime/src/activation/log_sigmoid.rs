use crate::{
    kernels::{Map, functions, isa::Vector, math},
    parameters::Parameters,
    scalar::Scalar,
};

/// `−ln(1 + e⁻ˣ)`, as
/// [`torch.nn.LogSigmoid`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html).
///
#[doc = include_str!("plots/log_sigmoid.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> LogSigmoid);
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - -1.313_261_7).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct LogSigmoid;

impl Map for LogSigmoid {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let rest = functions::log1p_of_exp(isa, x);
        zero.min(x).sub(rest)
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let [y] = math::sigmoid(isa, [V::splat(isa, V::Scalar::ZERO).sub(x)]);
        y
    }
}

elementwise!(LogSigmoid);
