use super::{Reduction, pointwise_loss, reduction};
use crate::kernels::{Pointwise, isa::Vector};

/// The mean of (y − t)² over all numbers, as
/// [`torch.nn.MSELoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html).
///
/// ```
/// use layerwise::{Loss, MSELoss, SVector};
///
/// let mut gradient = SVector::from([0.0, 0.0]);
/// let loss = MSELoss::new().loss(&SVector::from([1.0, 2.0]), &SVector::from([0.0, 4.0]), &mut gradient);
/// assert_eq!(loss, 2.5);
/// assert_eq!(gradient, SVector::from([1.0, -2.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MSELoss {
    reduction: Reduction,
}

impl MSELoss {
    /// With PyTorch's defaults.
    #[must_use]
    pub const fn new() -> Self {
        let reduction = Reduction::Mean;
        Self { reduction }
    }

    reduction!();
}

impl Pointwise for MSELoss {
    const FACTOR: f64 = 2.0;

    #[inline(always)]
    fn of<V: Vector>(&self, _: V::Isa, y: V, target: V) -> [V; 2] {
        let error = y.sub(target);
        [error.mul(error), error]
    }
}

pointwise_loss!(MSELoss, AnyOutput);
