//! What a network is trained for: PyTorch's losses, by PyTorch's names. One file each.
#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]
#![allow(unsafe_code, reason = "a kernel takes pointers")]

mod bce;
mod bce_with_logits;
mod cross_entropy;
mod huber;
mod l1;
mod mse;
mod nll;
mod smooth_l1;

pub use bce::BCELoss;
pub use bce_with_logits::BCEWithLogitsLoss;
pub use cross_entropy::CrossEntropyLoss;
pub use huber::HuberLoss;
pub use l1::L1Loss;
pub use mse::MSELoss;
pub use nll::NLLLoss;
pub use smooth_l1::SmoothL1Loss;

use crate::{
    kernels::{
        LossEach, Pointwise,
        isa::{Isa, Vector},
    },
    scalar::Scalar,
    value::Value,
};

/// Declares values that are named as their types are.
macro_rules! by_default {
    ($($Loss:ident)*) => {$(
        #[doc = concat!("`", stringify!($Loss), "::new()`: with PyTorch's defaults.")]
        #[allow(non_upper_case_globals, reason = "it is written as the type is")]
        pub const $Loss: $Loss = $Loss::new();
    )*};
}

by_default! { BCELoss BCEWithLogitsLoss CrossEntropyLoss HuberLoss L1Loss MSELoss NLLLoss SmoothL1Loss }

/// What a network's outputs are compared with, and how far off they are.
///
/// A loss of your own says what one sample's is and its gradient:
///
/// ```
/// use layerwise::{AnyOutput, Loss, Reduction, SVector};
///
/// /// The mean of ln cosh(y − t).
/// pub struct LogCosh;
///
/// impl<const N: usize> Loss<SVector<f64, N>> for LogCosh {
///     type Target = SVector<f64, N>;
///     type Takes = AnyOutput;
///
///     fn loss(
///         &self,
///         y: &SVector<f64, N>,
///         target: &SVector<f64, N>,
///         gradient: &mut SVector<f64, N>,
///     ) -> f64 {
///         let error = y - target;
///         *gradient = error.map(f64::tanh) / N as f64;
///         error.map(|e| e.cosh().ln()).mean()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no loss\n\
               help: give the trainer one of PyTorch's, such as `MSELoss::new()`, or a type of your own \
               that implements `Loss`",
    label = "`{Self}` does not implement `Loss`"
)]
pub trait Loss<Y: Value> {
    /// What one output is compared with.
    type Target;

    /// What the network must give: [`AnyOutput`], [`Logits`], [`BinaryLogits`] or
    /// [`LogProbabilities`]. A network whose last layer makes something else is a compile error.
    type Takes;

    /// The loss of one sample. `gradient`, which holds zeros, becomes its derivative with respect to
    /// `output`.
    fn loss(&self, output: &Y, target: &Self::Target, gradient: &mut Y) -> Y::Scalar;

    /// How the losses of the samples become one number: their mean, unless something else is said.
    fn reduction(&self) -> Reduction {
        Reduction::Mean
    }

    /// Why a target can't be compared with an output, if it can't: `step` panics with these words.
    ///
    /// # Errors
    ///
    /// The words.
    fn check(&self, _target: &Self::Target) -> Result<(), OutOfRange> {
        Ok(())
    }

    /// [`losses`](Self::losses) as part of a function for an instruction set.
    #[doc(hidden)]
    #[inline(always)]
    fn losses_in<I: Isa>(
        &self,
        _: I,
        outputs: &[Y],
        targets: &[Self::Target],
        scale: f64,
        gradients: &mut [Y],
    ) -> f64 {
        self.losses(outputs, targets, scale, gradients)
    }

    /// The same with a sample in each lane and zero in the other lanes of `gradients`, where it can be done
    /// so.
    #[doc(hidden)]
    #[inline(always)]
    fn losses_in_lanes<V: Vector<Scalar = Y::Scalar>>(
        &self,
        _isa: V::Isa,
        _outputs: &[V],
        _targets: &[Self::Target],
        _scale: f64,
        _gradients: &mut [V],
    ) -> Option<f64> {
        None
    }

    /// The sum of the losses of some samples, and their gradients times `scale`.
    #[doc(hidden)]
    #[inline(always)]
    fn losses(
        &self,
        outputs: &[Y],
        targets: &[Self::Target],
        scale: f64,
        gradients: &mut [Y],
    ) -> f64 {
        let scale = Y::Scalar::from_f64(scale);
        let mut sum = 0.0;
        for ((y, target), gradient) in outputs.iter().zip(targets).zip(gradients) {
            *gradient = Y::zeros();
            sum += self.loss(y, target, gradient).to_f64();
            for slope in gradient.as_mut_slice() {
                *slope *= scale;
            }
        }
        sum
    }
}

/// A class that is none of the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange {
    /// The class.
    pub class: usize,
    /// How many there are.
    pub classes: usize,
}

impl core::fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { class, classes } = self;
        write!(f, "class {class} is none of the {classes} outputs")?;
        match classes.checked_sub(1) {
            Some(last) => write!(f, ": classes count from 0 to {last}"),
            None => Ok(()),
        }
    }
}

impl OutOfRange {
    fn check<Y: Value>(class: usize) -> Result<(), Self> {
        if class < Y::LEN {
            Ok(())
        } else {
            let classes = Y::LEN;
            Err(Self { class, classes })
        }
    }
}

/// How losses of several samples become one number: PyTorch's `reduction`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// Their mean.
    #[default]
    Mean,
    /// Their sum; of a loss that goes number by number, that of all numbers.
    Sum,
}

/// [`Loss::Takes`]: whatever the network gives.
#[derive(Clone, Copy, Debug)]
pub struct AnyOutput;

/// [`Loss::Takes`]: a number for each class, of which the loss itself takes the softmax.
#[derive(Clone, Copy, Debug)]
pub struct Logits;

/// [`Loss::Takes`]: numbers of which the loss itself takes the logistic function.
#[derive(Clone, Copy, Debug)]
pub struct BinaryLogits;

/// [`Loss::Takes`]: logarithms of probabilities.
#[derive(Clone, Copy, Debug)]
pub struct LogProbabilities;

/// What the sum of an elementwise loss is multiplied by, since its mean goes over all numbers.
fn each<Y: Value>(reduction: Reduction) -> f64 {
    match reduction {
        Reduction::Mean => 1.0 / Y::LEN as f64,
        Reduction::Sum => 1.0,
    }
}

/// What the elementwise losses have in common: the calculation, and what its sum is multiplied by, since
/// their mean goes over all numbers.
#[inline(always)]
fn pointwise<'a, Y: Value, P: Pointwise>(
    pointwise: &'a P,
    reduction: Reduction,
    (outputs, targets, gradients): (&[Y], &[Y], &mut [Y]),
    scale: f64,
) -> (LossEach<'a, P, Y::Scalar>, f64) {
    let samples = outputs.len().min(targets.len()).min(gradients.len());
    let each = each::<Y>(reduction);
    let calculation = LossEach {
        pointwise,
        y: outputs.as_ptr().cast::<Y::Scalar>(),
        target: targets.as_ptr().cast(),
        dy: gradients.as_mut_ptr().cast(),
        len: samples * Y::LEN,
        scale: scale * each,
    };
    (calculation, each)
}

/// Declares a loss that goes number by number.
macro_rules! pointwise_loss {
    ($Name:ident, $Takes:ident) => {
        impl<Y: $crate::value::Value> $crate::train::losses::Loss<Y> for $Name {
            type Target = Y;
            type Takes = $crate::train::losses::$Takes;

            #[inline(always)]
            fn loss(&self, output: &Y, target: &Y, gradient: &mut Y) -> Y::Scalar {
                let (output, target) =
                    (core::slice::from_ref(output), core::slice::from_ref(target));
                let gradient = core::slice::from_mut(gradient);
                let loss = self.losses(output, target, 1.0, gradient);
                $crate::scalar::Scalar::from_f64(loss)
            }

            fn reduction(&self) -> $crate::train::losses::Reduction {
                self.reduction
            }

            #[inline(always)]
            fn losses(&self, outputs: &[Y], targets: &[Y], scale: f64, gradients: &mut [Y]) -> f64 {
                let values = (outputs, targets, gradients);
                let (calculation, each) =
                    $crate::train::losses::pointwise(self, self.reduction, values, scale);
                $crate::kernels::dispatch::dispatch(&calculation) * each
            }

            #[inline(always)]
            fn losses_in<I: $crate::kernels::isa::Isa>(
                &self,
                isa: I,
                outputs: &[Y],
                targets: &[Y],
                scale: f64,
                gradients: &mut [Y],
            ) -> f64 {
                let values = (outputs, targets, gradients);
                let (calculation, each) =
                    $crate::train::losses::pointwise(self, self.reduction, values, scale);
                calculation.run_in(isa) * each
            }

            #[inline(always)]
            fn losses_in_lanes<V: $crate::kernels::isa::Vector<Scalar = Y::Scalar>>(
                &self,
                isa: V::Isa,
                outputs: &[V],
                targets: &[Y],
                scale: f64,
                gradients: &mut [V],
            ) -> Option<f64> {
                let each = $crate::train::losses::each::<Y>(self.reduction);
                let (scale, used) = (scale * each, targets.len());
                if targets.is_empty() {
                    return Some(0.0);
                }
                // SAFETY: there is a sample.
                let targets = unsafe { $crate::flow::in_lanes::<Y, V>(isa, targets) };
                let values = (outputs, targets.as_ref(), gradients);
                Some($crate::kernels::losses_in_lanes(self, isa, values, used, scale) * each)
            }
        }
    };
}
use pointwise_loss;

/// `reduction`, which every loss has.
macro_rules! reduction {
    () => {
        /// How the losses of the samples become one number: their mean by default.
        #[must_use]
        pub const fn reduction(mut self, reduction: $crate::train::losses::Reduction) -> Self {
            self.reduction = reduction;
            self
        }
    };
}
use reduction;
