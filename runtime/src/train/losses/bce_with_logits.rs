use super::{Reduction, pointwise_loss, reduction};
use crate::{
    kernels::{Pointwise, functions, isa::Vector, math},
    scalar::Scalar,
};

/// The mean of −t · ln σ(y) − (1 − t) · ln(1 − σ(y)) over all numbers, with σ the logistic function, as
/// [`torch.nn.BCEWithLogitsLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html).
/// The network doesn't end in `Sigmoid`: that one would take it twice.
///
/// ```
/// use layerwise::{BCEWithLogitsLoss, Loss, SVector};
///
/// let mut gradient = SVector::from([0.0]);
/// let loss = BCEWithLogitsLoss::new().loss(&SVector::from([0.0]), &SVector::from([1.0]), &mut gradient);
/// assert!((loss - 2.0_f64.ln()).abs() < 1e-9);
/// assert_eq!(gradient, SVector::from([-0.5]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BCEWithLogitsLoss {
    reduction: Reduction,
}

impl BCEWithLogitsLoss {
    /// With PyTorch's defaults.
    #[must_use]
    pub const fn new() -> Self {
        let reduction = Reduction::Mean;
        Self { reduction }
    }

    reduction!();
}

impl Pointwise for BCEWithLogitsLoss {
    #[inline(always)]
    fn of<V: Vector>(&self, isa: V::Isa, y: V, target: V) -> [V; 2] {
        let zero = V::splat(isa, V::Scalar::ZERO);
        // max(y, 0) − y · t + ln(1 + e^(−|y|))
        let rest = functions::log1p_of_exp(isa, y);
        let loss = y.mul_sub_from(target, zero.max(y)).add(rest);
        let [sigmoid] = math::sigmoid(isa, [y]);
        [loss, sigmoid.sub(target)]
    }
}

pointwise_loss!(BCEWithLogitsLoss, BinaryLogits);
