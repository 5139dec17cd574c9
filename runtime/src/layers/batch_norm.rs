#![allow(
    clippy::inline_always,
    reason = "a body gets the instruction set of the function that it is inlined into"
)]

use nalgebra::SVector;

use super::{
    folded::{Foldable, Folded},
    linear::Bias,
};
use crate::{
    activation::Activation,
    backward::Trainable,
    flow::{
        Flow,
        record::{Record, Standardized},
    },
    kernels::{Function, MapWith, isa::Vector, map_with},
    layer::Layer,
    parameters::Parameters,
    scalar::Scalar,
    value::Value,
};

/// `y = (x − running_mean) / √(running_var + eps) · weight + bias`, feature by feature, as
/// [`torch.nn.BatchNorm1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html)
/// in `eval()`: `BatchNorm1d(N)` or `BatchNorm1d(_)` in a declaration.
///
/// `BatchNorm1d(N, affine = false)` has [`NoBias`](super::NoBias) in place of the weight and of the
/// bias. What is normalised are running statistics, so that there is no
/// `track_running_stats = false`, with which PyTorch takes those of the batch.
///
/// In training, as in `train()` there, the statistics are those of the samples that `step` is given, two at
/// least, and the running ones follow them with each step. More samples than are calculated at a time
/// (`Net::TRAINING_BYTES`) go through the network 2n + 1 times, where it has n such layers.
///
/// With embedded weights ([`network!`](crate::network#settings)), one right behind a `Linear`, a `Conv1d` or a
/// `Conv2d` costs nothing: `Net::pretrained()` runs both as one such layer, whose numbers were calculated while
/// the program compiled. Its fields are as in the file.
///
/// Of a window, and of an image by the name of [`BatchNorm2d`], each channel is normalised, over its steps
/// or pixels.
///
/// ```
/// use layerwise::{SVector, network};
///
/// let mut net = network!(BatchNorm1d(2));
/// net.batchnorm1d0.running_mean = SVector::from([1.0, 2.0]);
/// net.batchnorm1d0.running_var = SVector::from([4.0, 1.0]);
/// let y = net.forward(&SVector::from([5.0, 3.0]));
/// assert!((y[0] - 2.0).abs() < 1e-4 && (y[1] - 1.0).abs() < 1e-4);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct BatchNorm1d<T: Scalar, const N: usize, A = SVector<T, N>>
where
    A: Bias<T>,
{
    /// N factors, 1 at the start, or [`NoBias`](super::NoBias).
    #[parameters(init = 1.0)]
    pub weight: A,
    /// N numbers, 0 at the start, or [`NoBias`](super::NoBias).
    #[parameters(init = 0.0)]
    pub bias: A,
    /// The mean of each feature in training; 0 at the start.
    #[parameters(buffer)]
    pub running_mean: SVector<T, N>,
    /// The variance of each feature in training, divided by the size of the batch less one; 1 at the
    /// start.
    #[parameters(buffer, init = 1.0)]
    pub running_var: SVector<T, N>,
    /// How many batches the running statistics are of.
    #[parameters(buffer)]
    pub num_batches_tracked: i64,
    /// Added to the variance; 1e-5 by default.
    #[parameters(constant = 1e-5)]
    pub eps: f64,
    /// How much of a new batch's statistics goes into the running ones in training; 0.1 by default.
    #[parameters(constant = 0.1)]
    pub momentum: f64,
    #[parameters(constant = Folded::NONE)]
    folded: Folded<T, N>,
}

/// [`BatchNorm1d`] of the channels of an image, as
/// [`torch.nn.BatchNorm2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html):
/// `BatchNorm2d(N)` or `BatchNorm2d(_)` in a declaration.
pub type BatchNorm2d<T, const N: usize, A = SVector<T, N>> = BatchNorm1d<T, N, A>;

impl<T: Scalar, const N: usize, A: Bias<T>> BatchNorm1d<T, N, A> {
    /// Has what it makes of the output of the layer before it calculated by another, which gives the same.
    #[doc(hidden)]
    pub const fn fold<L: Foldable<T, N>>(&mut self, folded: &'static L::Folded) {
        self.folded = Folded::new::<L>(folded);
    }

    /// The activation of the output for that of `before`.
    #[doc(hidden)]
    #[inline(always)]
    pub fn flow_behind<F: Flow, X: Value, Y: Value<Scalar = T>, L, C: Activation>(
        &self,
        flow: &mut F,
        before: &L,
        activation: &C,
        x: F::Of<X>,
    ) -> F::Of<Y>
    where
        L: Layer<X, Output = Y> + Foldable<T, N, Folded: Layer<X, Output = Y>>,
    {
        let function = activation.function();
        let joined = function.unwrap_or(Function::Identity);
        let y = if let Some(both) = self.folded.layer::<L>() {
            both.flow_with(flow, x, joined)
        } else {
            let y = before.flow(flow, x);
            Layer::<Y>::flow_with(self, flow, y, joined)
        };
        match function {
            Some(_) => y,
            None => activation.pass::<F, Y>(flow, y),
        }
    }
}

impl<X: Value, const N: usize, A: Bias<X::Scalar>> Layer<X> for BatchNorm1d<X::Scalar, N, A> {
    type Output = X;

    #[inline]
    fn forward(&self, input: &X) -> X {
        const { assert!(X::CHANNELS == N, "each feature or channel is normalised") };
        let mut y = input.clone();
        let standard = Standard { eps: self.eps };
        let (mean, variance) = (self.running_mean.as_slice(), self.running_var.as_slice());
        match (self.weight.as_slice(), self.bias.as_slice()) {
            ([], []) => map_with(&standard, y.as_mut_slice(), [mean, variance]),
            (weight, bias) => {
                map_with(&standard, y.as_mut_slice(), [mean, variance, weight, bias]);
            }
        }
        y
    }
}

/// By a mean and a variance, with or without factor and term.
struct Standard {
    eps: f64,
}

impl MapWith<2> for Standard {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V, [mean, variance]: [V; 2]) -> V {
        let eps = V::splat(isa, V::Scalar::from_f64(self.eps));
        x.sub(mean).div(variance.add(eps).sqrt())
    }
}

impl MapWith<4> for Standard {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V, with: [V; 4]) -> V {
        let [mean, variance, weight, bias] = with;
        let standard: V = self.map(isa, x, [mean, variance]);
        standard.mul_add(weight, bias)
    }
}

impl<X: Value, const N: usize, A: Bias<X::Scalar>> Trainable<X> for BatchNorm1d<X::Scalar, N, A> {
    type Output = X;
    /// Of which statistics, and what was standardized with them.
    type Kept<F: Record> = (Standardized, F::Of<X>);

    #[inline(always)]
    fn keep<F: Record>(&self, flow: &mut F, x: F::Of<X>) -> (F::Of<X>, Self::Kept<F>) {
        let (standard, which) = flow.standardize::<X>(x, self.eps);
        let kept = flow.share::<X>(&standard);
        let affine = (self.weight.as_slice(), self.bias.as_slice());
        let y = match affine {
            ([], _) | (_, []) => standard,
            (weight, bias) => flow.change::<X>(standard, |_, x| {
                for x in x.chunks_exact_mut(N.max(1)) {
                    for ((x, weight), bias) in x.iter_mut().zip(weight).zip(bias) {
                        *x = *x * *weight + *bias;
                    }
                }
            }),
        };
        (y, (which, kept))
    }

    #[inline(always)]
    fn back<F: Record, const INPUT: bool>(
        &self,
        gradient: &mut Self,
        flow: &mut F,
        (which, kept): Self::Kept<F>,
        dy: F::Slope<X>,
    ) -> F::Slope<X> {
        flow.begin(gradient);
        if let Some([means, variances]) = flow.statistics::<N>(which, X::SHAPE.places()) {
            // What is added to the running ones.
            let change = |running: X::Scalar, now: f64| {
                X::Scalar::from_f64(self.momentum * (now - running.to_f64()))
            };
            gradient.running_mean = SVector::from_fn(|i, _| change(self.running_mean[i], means[i]));
            gradient.running_var =
                SVector::from_fn(|i, _| change(self.running_var[i], variances[i]));
            gradient.num_batches_tracked = 1;
        }
        let (dw, db) = (gradient.weight.as_mut_slice(), gradient.bias.as_mut_slice());
        let weight = self.weight.as_slice();
        let again = flow.share::<X>(&kept);
        let dy = flow.change_slope::<X>(again, dy, |_, x, dy| {
            let places = dy.chunks_exact_mut(N.max(1)).zip(x.chunks_exact(N.max(1)));
            for (dy, x) in places {
                let sums = dw.iter_mut().zip(db.iter_mut()).zip(weight);
                for ((dy, x), ((dw, db), weight)) in dy.iter_mut().zip(x).zip(sums) {
                    *dw += *dy * *x;
                    *db += *dy;
                    *dy *= *weight;
                }
            }
        });
        flow.standardize_back::<X>(which, self.eps, kept, dy)
    }
}
