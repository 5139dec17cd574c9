use super::{Logits, Loss, OutOfRange, Reduction, reduction};
use crate::{
    kernels::{Function, functions::log},
    scalar::Scalar,
    value::Value,
};

/// The mean of −ln softmax(y) at the class, as
/// [`torch.nn.CrossEntropyLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html).
/// A target is the class's index. The network doesn't end in `Softmax`: the loss takes that itself.
///
/// ```
/// use layerwise::{CrossEntropyLoss, Loss, SVector};
///
/// let mut gradient = SVector::from([0.0, 0.0]);
/// let loss = CrossEntropyLoss::new().loss(&SVector::from([3.0, 3.0]), &1, &mut gradient);
/// assert!((loss - 2.0_f64.ln()).abs() < 1e-12);
/// assert_eq!(gradient, SVector::from([0.5, -0.5]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CrossEntropyLoss {
    label_smoothing: f64,
    reduction: Reduction,
}

impl CrossEntropyLoss {
    /// With PyTorch's defaults: no smoothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            label_smoothing: 0.0,
            reduction: Reduction::Mean,
        }
    }

    /// So much of the target, from 0 to 1, is spread over all classes: see
    /// [Szegedy and others](https://arxiv.org/abs/1512.00567).
    #[must_use]
    pub const fn label_smoothing(mut self, label_smoothing: f64) -> Self {
        self.label_smoothing = label_smoothing;
        self
    }

    reduction!();

    /// The loss of a sample whose softmax `gradient` holds, and what becomes of that.
    #[inline(always)]
    fn finish<T: Scalar>(&self, output: &[T], target: usize, scale: T, gradient: &mut [T]) -> f64 {
        let (mut largest, mut likeliest, mut sum) = (T::NEG_INFINITY, T::ZERO, T::ZERO);
        for (&y, &p) in output.iter().zip(gradient.iter()) {
            if y > largest {
                (largest, likeliest) = (y, p);
            }
            sum += y;
        }
        // The largest one's exponential is 1 before it is divided by the sum.
        let logarithm = largest.to_f64() - log(likeliest.to_f64());
        let smoothing = self.label_smoothing;
        let classes = output.len() as f64;
        let mean = sum.to_f64() / classes;
        let wanted = (1.0 - smoothing) * output[target].to_f64() + smoothing * mean;
        let spread = T::from_f64(smoothing / classes);
        for p in gradient.iter_mut() {
            *p = (*p - spread) * scale;
        }
        gradient[target] -= T::from_f64(1.0 - smoothing) * scale;
        logarithm - wanted
    }
}

impl<Y: Value> Loss<Y> for CrossEntropyLoss {
    type Target = usize;
    type Takes = Logits;

    /// # Panics
    ///
    /// Where the class is none of the outputs.
    #[inline(always)]
    fn loss(&self, output: &Y, target: &usize, gradient: &mut Y) -> Y::Scalar {
        let (output, target) = (core::slice::from_ref(output), core::slice::from_ref(target));
        let loss = self.losses(output, target, 1.0, core::slice::from_mut(gradient));
        Y::Scalar::from_f64(loss)
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn check(&self, &target: &usize) -> Result<(), OutOfRange> {
        OutOfRange::check::<Y>(target)
    }

    #[inline(always)]
    fn losses(&self, outputs: &[Y], targets: &[usize], scale: f64, gradients: &mut [Y]) -> f64 {
        let samples = outputs.len().min(targets.len()).min(gradients.len());
        let (outputs, gradients) = (&outputs[..samples], &mut gradients[..samples]);
        gradients.clone_from_slice(outputs);
        Y::Scalar::apply(Function::Softmax, numbers(gradients), Y::LEN);
        let scale = Y::Scalar::from_f64(scale);
        let mut sum = 0.0;
        for ((y, &target), gradient) in outputs.iter().zip(targets).zip(gradients) {
            sum += self.finish(y.as_slice(), target, scale, gradient.as_mut_slice());
        }
        sum
    }
}

/// All numbers of some values.
#[inline(always)]
fn numbers<Y: Value>(values: &mut [Y]) -> &mut [Y::Scalar] {
    let len = values.len() * Y::LEN;
    // SAFETY: a value is its numbers.
    unsafe { core::slice::from_raw_parts_mut(values.as_mut_ptr().cast(), len) }
}
