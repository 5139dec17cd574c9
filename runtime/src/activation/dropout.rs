#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]

use crate::{
    activation::Activation, backward::Trainable, flow::record::Record, kernels::Function,
    parameters::Parameters, random, scalar::Scalar, value::Value,
};

/// `x` itself: numbers are dropped in training alone, as by
/// [`torch.nn.Dropout`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html) in
/// `eval()`. It has its place in a chain, so that the stages behind it have PyTorch's numbers.
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Dropout(p = 0.1));
/// assert_eq!(net.forward(&SVector::from([3.0])), SVector::from([3.0]));
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Dropout {
    /// How likely a number is dropped; 0.5 by default.
    #[parameters(constant = 0.5)]
    pub p: f64,
}

impl Activation for Dropout {
    #[inline]
    fn apply<T: Scalar>(&self, _: &mut [T]) {}

    #[inline(always)]
    fn function(&self) -> Option<Function> {
        Some(Function::Identity)
    }
}

impl Dropout {
    /// Drops what is drawn to be dropped, the same each time.
    fn drop<T: Scalar>(&self, draw: u64, sample: u64, x: &mut [T]) {
        let seed = random::mix(draw, sample);
        // With p = 1 nothing is left to be scaled.
        let scale = T::from_f64(if self.p < 1.0 { 1.0 / (1.0 - self.p) } else { 0.0 });
        for (x, i) in x.iter_mut().zip(0..) {
            if random::unit(random::mix(seed, i)) < self.p {
                *x = T::ZERO;
            } else {
                *x *= scale;
            }
        }
    }
}

impl<X: Value> Trainable<X> for Dropout {
    type Output = X;
    /// What was drawn, and the output.
    type Kept<F: Record> = (u64, F::Of<X>);

    #[inline(always)]
    fn keep<F: Record>(
        &self,
        flow: &mut F,
        x: F::Of<X>,
    ) -> (F::Of<X>, Self::Kept<F>) {
        let draw = flow.draw();
        let y = flow.change::<X>(x, |sample, x| self.drop(draw, sample, x));
        let kept = flow.share(&y);
        (y, (draw, kept))
    }

    #[inline(always)]
    fn back<F: Record, const INPUT: bool>(
        &self,
        _: &mut Self,
        flow: &mut F,
        (draw, kept): Self::Kept<F>,
        dy: F::Slope<X>,
    ) -> F::Slope<X> {
        flow.change_slope::<X>(kept, dy, |sample, _, dy| self.drop(draw, sample, dy))
    }
}
