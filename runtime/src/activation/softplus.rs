use crate::{
    kernels::{Map, functions, isa::Vector, math},
    parameters::Parameters,
    scalar::Scalar,
};

/// `ln(1 + e^(beta · x)) / beta`, and `x` itself where `beta · x` is above `threshold`, as
/// [`torch.nn.Softplus`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softplus.html).
///
#[doc = include_str!("plots/softplus.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Softplus);
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - 0.313_261_7).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Softplus {
    /// How steep the bend is; 1 by default.
    #[parameters(constant = 1.0)]
    pub beta: f64,
    /// Where the straight part begins; 20 by default.
    #[parameters(constant = 20.0)]
    pub threshold: f64,
}

impl Map for Softplus {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let beta = V::splat(isa, V::Scalar::from_f64(self.beta));
        let threshold = V::splat(isa, V::Scalar::from_f64(self.threshold));
        let by_beta = V::splat(isa, V::Scalar::from_f64(1.0 / self.beta));
        let z = beta.mul(x);
        let rest = functions::log1p_of_exp(isa, z);
        let curve = zero.max(z).add(rest).mul(by_beta);
        threshold.select_less(z, x, curve)
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let z = V::splat(isa, V::Scalar::from_f64(self.beta)).mul(x);
        let threshold = V::splat(isa, V::Scalar::from_f64(self.threshold));
        let [y] = math::sigmoid(isa, [z]);
        threshold.select_less(z, V::splat(isa, V::Scalar::ONE), y)
    }
}

elementwise!(Softplus);
