use crate::{
    kernels::{Map, functions, isa::Vector},
    parameters::Parameters,
    scalar::Scalar,
};

/// `x` where it is positive, else `alpha · (e^(x / alpha) − 1)`, as
/// [`torch.nn.CELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CELU.html).
///
#[doc = include_str!("plots/celu.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> CELU(2.0));
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - -0.786_938_7).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct CELU {
    /// What is approached, negated, far below zero; 1 by default.
    #[parameters(constant = 1.0)]
    pub alpha: f64,
}

impl Map for CELU {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let alpha = V::splat(isa, V::Scalar::from_f64(self.alpha));
        let quotient = zero.min(x).mul(V::splat(isa, V::Scalar::from_f64(1.0 / self.alpha)));
        let below = alpha.mul(functions::expm1(isa, quotient));
        zero.select_less(x, x, below)
    }

    #[inline(always)]
    fn is_by_value(&self) -> bool {
        // Only then does the value have the argument's sign.
        self.alpha > 0.0
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, kept: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let one = V::splat(isa, V::Scalar::ONE);
        let quotient = zero.min(kept).mul(V::splat(isa, V::Scalar::from_f64(1.0 / self.alpha)));
        let below = if self.is_by_value() {
            quotient.add(one)
        } else {
            functions::expm1(isa, quotient).add(one)
        };
        zero.select_less(kept, one, below)
    }
}

elementwise!(CELU);
