#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]

use crate::{
    activation::Activation, backward::Trainable, flow::record::Record, kernels::Function,
    parameters::Parameters, random, scalar::Scalar, value::Value,
};

/// `x` where it is positive, else `x` times the mean of `lower` and `upper`, as
/// [`torch.nn.RReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RReLU.html)
/// when it doesn't train (then the slope is drawn from between the two).
///
#[doc = include_str!("plots/rrelu.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> RReLU);
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - -0.229_166_67).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct RReLU {
    /// The least slope; 1/8 by default.
    #[parameters(constant = 0.125)]
    pub lower: f64,
    /// The largest; 1/3 by default.
    #[parameters(constant = 1.0 / 3.0)]
    pub upper: f64,
}

impl Activation for RReLU {
    #[inline]
    fn apply<T: Scalar>(&self, x: &mut [T]) {
        T::apply(Function::LeakyReLU(self.slope()), x, x.len());
    }

    #[inline(always)]
    fn function(&self) -> Option<Function> {
        Some(Function::LeakyReLU(self.slope()))
    }
}

impl RReLU {
    #[inline(always)]
    fn slope(&self) -> f64 {
        f64::midpoint(self.lower, self.upper)
    }
}

impl RReLU {
    /// The slope that is drawn for a number, the same each time.
    fn drawn<T: Scalar>(&self, seed: u64, i: u64) -> T {
        let unit = random::unit(random::mix(seed, i));
        T::from_f64(self.lower + (self.upper - self.lower) * unit)
    }
}

impl<X: Value> Trainable<X> for RReLU {
    type Output = X;
    /// What was drawn, and the input.
    type Kept<F: Record> = (u64, F::Of<X>);

    #[inline(always)]
    fn keep<F: Record>(
        &self,
        flow: &mut F,
        x: F::Of<X>,
    ) -> (F::Of<X>, Self::Kept<F>) {
        let draw = flow.draw();
        let kept = flow.share(&x);
        let y = flow.change::<X>(x, |sample, x| {
            let seed = random::mix(draw, sample);
            for (x, i) in x.iter_mut().zip(0..) {
                if *x <= X::Scalar::ZERO {
                    *x *= self.drawn(seed, i);
                }
            }
        });
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
        flow.change_slope::<X>(kept, dy, |sample, x, dy| {
            let seed = random::mix(draw, sample);
            for ((dy, x), i) in dy.iter_mut().zip(x).zip(0..) {
                if *x <= X::Scalar::ZERO {
                    *dy *= self.drawn(seed, i);
                }
            }
        })
    }
}
