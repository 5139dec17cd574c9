use super::{Reduction, l1::sign, pointwise_loss, reduction};
use crate::{
    kernels::{Pointwise, isa::Vector},
    scalar::Scalar,
};

/// The mean of (y − t)² / (2 · beta) where |y − t| < beta, else of |y − t| − beta / 2, as
/// [`torch.nn.SmoothL1Loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html).
///
/// ```
/// use layerwise::{Loss, SVector, SmoothL1Loss};
///
/// let mut gradient = SVector::from([0.0, 0.0]);
/// let loss = SmoothL1Loss::new().loss(&SVector::from([1.0, 2.0]), &SVector::from([0.5, 4.0]), &mut gradient);
/// assert_eq!(loss, (0.125 + 1.5) / 2.0);
/// assert_eq!(gradient, SVector::from([0.25, -0.5]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothL1Loss {
    beta: f64,
    reduction: Reduction,
}

impl Default for SmoothL1Loss {
    fn default() -> Self {
        Self::new()
    }
}

impl SmoothL1Loss {
    /// With PyTorch's defaults: beta 1.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            beta: 1.0,
            reduction: Reduction::Mean,
        }
    }

    /// Where the square goes over into a line; with zero it is [`L1Loss`](struct@super::L1Loss).
    #[must_use]
    pub const fn beta(mut self, beta: f64) -> Self {
        self.beta = beta;
        self
    }

    reduction!();
}

impl Pointwise for SmoothL1Loss {
    #[inline(always)]
    fn of<V: Vector>(&self, isa: V::Isa, y: V, target: V) -> [V; 2] {
        let error = y.sub(target);
        let beta = V::splat(isa, V::Scalar::from_f64(self.beta));
        let half = V::splat(isa, V::Scalar::from_f64(0.5));
        let size = error.abs(isa);
        let inverse = if self.beta > 0.0 {
            1.0 / self.beta
        } else {
            0.0
        };
        let slope = error.mul(V::splat(isa, V::Scalar::from_f64(inverse)));
        let square = half.mul(error).mul(slope);
        let line = size.sub(half.mul(beta));
        [
            size.select_less(beta, square, line),
            size.select_less(beta, slope, sign(isa, error)),
        ]
    }
}

pointwise_loss!(SmoothL1Loss, AnyOutput);
