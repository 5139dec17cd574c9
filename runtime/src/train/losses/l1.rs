use super::{Reduction, pointwise_loss, reduction};
use crate::{
    kernels::{Pointwise, isa::Vector},
    scalar::Scalar,
};

/// The mean of |y − t| over all numbers, as
/// [`torch.nn.L1Loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html). Where both
/// are the same, the gradient is zero.
///
/// ```
/// use layerwise::{L1Loss, Loss, SVector};
///
/// let mut gradient = SVector::from([0.0, 0.0]);
/// let loss = L1Loss::new().loss(&SVector::from([1.0, 2.0]), &SVector::from([0.0, 4.0]), &mut gradient);
/// assert_eq!(loss, 1.5);
/// assert_eq!(gradient, SVector::from([0.5, -0.5]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct L1Loss {
    reduction: Reduction,
}

impl L1Loss {
    /// With PyTorch's defaults.
    #[must_use]
    pub const fn new() -> Self {
        let reduction = Reduction::Mean;
        Self { reduction }
    }

    reduction!();
}

impl Pointwise for L1Loss {
    #[inline(always)]
    fn of<V: Vector>(&self, isa: V::Isa, y: V, target: V) -> [V; 2] {
        let error = y.sub(target);
        [error.abs(isa), sign(isa, error)]
    }
}

/// 1, −1 or, of zero, zero.
#[inline(always)]
pub(super) fn sign<V: Vector>(isa: V::Isa, x: V) -> V {
    let zero = V::splat(isa, V::Scalar::ZERO);
    let one = V::splat(isa, V::Scalar::ONE);
    let size = x.abs(isa);
    // NaN stays NaN.
    zero.select_less(size, one.copysign(x), x)
}

pointwise_loss!(L1Loss, AnyOutput);
