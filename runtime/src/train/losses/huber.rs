use super::{Reduction, pointwise_loss, reduction};
use crate::{
    kernels::{Pointwise, isa::Vector},
    scalar::Scalar,
};

/// The mean of (y − t)² / 2 where |y − t| ≤ delta, else of delta · (|y − t| − delta / 2), as
/// [`torch.nn.HuberLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html).
///
/// ```
/// use layerwise::{HuberLoss, Loss, SVector};
///
/// let mut gradient = SVector::from([0.0, 0.0]);
/// let loss = HuberLoss::new().loss(&SVector::from([1.0, 2.0]), &SVector::from([0.5, 4.0]), &mut gradient);
/// assert_eq!(loss, (0.125 + 1.5) / 2.0);
/// assert_eq!(gradient, SVector::from([0.25, -0.5]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HuberLoss {
    delta: f64,
    reduction: Reduction,
}

impl Default for HuberLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl HuberLoss {
    /// With PyTorch's defaults: delta 1.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            delta: 1.0,
            reduction: Reduction::Mean,
        }
    }

    /// Where the square goes over into a line; it is positive.
    #[must_use]
    pub const fn delta(mut self, delta: f64) -> Self {
        self.delta = delta;
        self
    }

    reduction!();
}

impl Pointwise for HuberLoss {
    #[inline(always)]
    fn of<V: Vector>(&self, isa: V::Isa, y: V, target: V) -> [V; 2] {
        let error = y.sub(target);
        let delta = V::splat(isa, V::Scalar::from_f64(self.delta));
        let half = V::splat(isa, V::Scalar::from_f64(0.5));
        let size = error.abs(isa);
        let square = half.mul(error).mul(error);
        let line = delta.mul(size.sub(half.mul(delta)));
        [
            delta.select_less(size, line, square),
            delta.select_less(size, delta.copysign(error), error),
        ]
    }
}

pointwise_loss!(HuberLoss, AnyOutput);
