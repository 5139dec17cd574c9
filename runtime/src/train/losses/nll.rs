use super::{LogProbabilities, Loss, OutOfRange, Reduction, reduction};
use crate::{scalar::Scalar, value::Value};

/// The mean of −y at the class, where y is the logarithm of each class's probability, as
/// [`torch.nn.NLLLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html): for a
/// network that ends in `LogSoftmax`. A target is the class's index.
///
/// ```
/// use layerwise::{Loss, NLLLoss, SVector};
///
/// let mut gradient = SVector::from([0.0, 0.0]);
/// let loss = NLLLoss::new().loss(&SVector::from([-0.7, -0.8]), &1, &mut gradient);
/// assert_eq!(loss, 0.8);
/// assert_eq!(gradient, SVector::from([0.0, -1.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NLLLoss {
    reduction: Reduction,
}

impl NLLLoss {
    /// With PyTorch's defaults.
    #[must_use]
    pub const fn new() -> Self {
        let reduction = Reduction::Mean;
        Self { reduction }
    }

    reduction!();
}

impl<Y: Value> Loss<Y> for NLLLoss {
    type Target = usize;
    type Takes = LogProbabilities;

    /// # Panics
    ///
    /// Where the class is none of the outputs.
    fn loss(&self, output: &Y, &target: &usize, gradient: &mut Y) -> Y::Scalar {
        gradient.as_mut_slice()[target] = Y::Scalar::ZERO - Y::Scalar::ONE;
        Y::Scalar::ZERO - output.as_slice()[target]
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn check(&self, &target: &usize) -> Result<(), OutOfRange> {
        OutOfRange::check::<Y>(target)
    }
}
