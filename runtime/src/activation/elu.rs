use crate::{
    kernels::{Map, functions, isa::Vector},
    parameters::Parameters,
    scalar::Scalar,
};

/// `x` where it is positive, else `alpha · (eˣ − 1)`, as
/// [`torch.nn.ELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ELU.html).
///
#[doc = include_str!("plots/elu.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> ELU);
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - -0.632_120_56).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct ELU {
    /// What is approached, negated, far below zero; 1 by default.
    #[parameters(constant = 1.0)]
    pub alpha: f64,
}

impl Map for ELU {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let alpha = V::splat(isa, V::Scalar::from_f64(self.alpha));
        let below = alpha.mul(functions::expm1(isa, zero.min(x)));
        zero.select_less(x, x, below)
    }

    #[inline(always)]
    fn is_by_value(&self) -> bool {
        // Only then does the value have the argument's sign.
        self.alpha >= 0.0
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, kept: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let one = V::splat(isa, V::Scalar::ONE);
        let alpha = V::splat(isa, V::Scalar::from_f64(self.alpha));
        let below = if self.is_by_value() {
            kept.add(alpha)
        } else {
            functions::expm1(isa, zero.min(kept)).mul_add(alpha, alpha)
        };
        zero.select_less(kept, one, below)
    }
}

elementwise!(ELU);
