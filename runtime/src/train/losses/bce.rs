use super::{AnyOutput, Loss, Reduction, reduction};
use crate::{kernels::functions::log, scalar::Scalar, value::Value};

/// The mean of −t · ln y − (1 − t) · ln(1 − y) over all numbers, as
/// [`torch.nn.BCELoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html): for a
/// network that ends in `Sigmoid`. Each logarithm is −100 at the least, as there.
///
/// [`BCEWithLogitsLoss`](struct@super::BCEWithLogitsLoss), without the `Sigmoid`, is faster and loses no
/// digits.
///
/// ```
/// use layerwise::{BCELoss, Loss, SVector};
///
/// let mut gradient = SVector::from([0.0]);
/// let loss = BCELoss::new().loss(&SVector::from([0.5]), &SVector::from([1.0]), &mut gradient);
/// assert!((loss - 2.0_f64.ln()).abs() < 1e-12);
/// assert_eq!(gradient, SVector::from([-2.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BCELoss {
    reduction: Reduction,
}

impl BCELoss {
    /// With PyTorch's defaults.
    #[must_use]
    pub const fn new() -> Self {
        let reduction = Reduction::Mean;
        Self { reduction }
    }

    reduction!();
}

/// The least a logarithm is.
const LEAST: f64 = -100.0;
/// e^LEAST
const SMALLEST: f64 = 3.720_075_976_020_836e-44;
/// The least that the gradient is divided by: a number of single precision, as PyTorch has it.
const LEAST_SLOPE: f64 = 1e-12_f32 as f64;

fn bounded_log(x: f64) -> f64 {
    if x < SMALLEST { LEAST } else { log(x) }
}

impl<Y: Value> Loss<Y> for BCELoss {
    type Target = Y;
    type Takes = AnyOutput;

    fn loss(&self, output: &Y, target: &Y, gradient: &mut Y) -> Y::Scalar {
        let each = match self.reduction {
            Reduction::Mean => 1.0 / Y::LEN as f64,
            Reduction::Sum => 1.0,
        };
        let pairs = output.as_slice().iter().zip(target.as_slice());
        let mut sum = 0.0;
        for ((y, t), slope) in pairs.zip(gradient.as_mut_slice()) {
            let (y, t) = (y.to_f64(), t.to_f64());
            sum -= t * bounded_log(y) + (1.0 - t) * bounded_log(1.0 - y);
            *slope = Y::Scalar::from_f64((y - t) / (y * (1.0 - y)).max(LEAST_SLOPE) * each);
        }
        Y::Scalar::from_f64(sum * each)
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }
}
