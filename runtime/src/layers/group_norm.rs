#![allow(unsafe_code, reason = "the trait's promise")]
#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]

use core::mem::MaybeUninit;

use nalgebra::SVector;

use super::linear::Bias;
use crate::{
    flow::slide::{Slide, slides, zeroed},
    kernels::{Function, math::square_root},
    parameters::Parameters,
    scalar::Scalar,
    value::Value,
};

/// `y = (x − mean) / √(variance + eps) · weight + bias`, where the mean and the variance are those of each
/// of some groups of channels, over all steps or pixels of one sample, as
/// [`torch.nn.GroupNorm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html):
/// `GroupNorm(num_groups, N)` or `GroupNorm(num_groups, _)` in a declaration. The features of a vector are
/// channels too.
///
/// `GroupNorm(num_groups, N, affine = false)` has [`NoBias`](super::NoBias) in place of the weight and of
/// the bias.
///
/// ```
/// use layerwise::{SMatrix, network};
///
/// let net = network!(Input(2, 2) -> GroupNorm(1, 2));
/// let y = net.forward(&SMatrix::from([[1.0, 1.0], [3.0, 3.0]]));
/// assert!((y[(0, 0)] + 1.0).abs() < 1e-4 && (y[(1, 1)] - 1.0).abs() < 1e-4);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct GroupNorm<T: Scalar, const N: usize, A = SVector<T, N>>
where
    A: Bias<T>,
{
    /// N factors, 1 at the start, or [`NoBias`](super::NoBias).
    #[parameters(init = 1.0)]
    pub weight: A,
    /// N numbers, 0 at the start, or [`NoBias`](super::NoBias).
    #[parameters(init = 0.0)]
    pub bias: A,
    /// How many groups the channels are divided into.
    #[parameters(constant = 1)]
    pub num_groups: usize,
    /// Added to the variance; 1e-5 by default.
    #[parameters(constant = 1e-5)]
    pub eps: f64,
    #[parameters(constant = core::marker::PhantomData)]
    scalar: core::marker::PhantomData<[T; N]>,
}

impl<T: Scalar, const N: usize, A: Bias<T>> GroupNorm<T, N, A> {
    /// The channels of each group, and in how many numbers of so many places they are.
    fn group(&self, places: usize) -> (usize, f64) {
        let width = (N / self.num_groups.max(1)).max(1);
        (width, (width * places) as f64)
    }

    /// A channel's factor.
    fn factor(&self, channel: usize) -> f64 {
        self.weight
            .as_slice()
            .get(channel)
            .map_or(1.0, |weight| weight.to_f64())
    }
}

/// The mean of some channels, and 1 / √(variance + eps).
fn statistics<T: Scalar>(
    x: &[T],
    channels: usize,
    (group, width): (usize, usize),
    (count, eps): (f64, f64),
) -> [f64; 2] {
    let numbers = || {
        let places = x.chunks_exact(channels);
        places.flat_map(move |place| place.iter().skip(group * width).take(width))
    };
    let mean = numbers().map(|x| x.to_f64()).sum::<f64>() / count;
    let square = |x: &T| (x.to_f64() - mean) * (x.to_f64() - mean);
    let variance = numbers().map(square).sum::<f64>() / count;
    [mean, 1.0 / square_root(variance + eps)]
}

slides! { [<X: Value, const N: usize, A: Bias<X::Scalar>>] X => X, GroupNorm<X::Scalar, N, A> }

// SAFETY: the output and the gradient are whole at once.
unsafe impl<X: Value, const N: usize, A: Bias<X::Scalar>> Slide<X> for GroupNorm<X::Scalar, N, A> {
    #[inline]
    fn slide(&self, x: &X, y: &mut MaybeUninit<X>, function: Function) {
        const { assert!(X::CHANNELS == N, "each channel is normalised") };
        let (width, count) = self.group(X::SHAPE.places());
        let y = zeroed(y).as_mut_slice();
        let (mut scales, mut shifts) = ([X::Scalar::ZERO; N], [X::Scalar::ZERO; N]);
        for channel in (0..N).step_by(width) {
            let group = (channel / width, width);
            let [mean, scale] = statistics(x.as_slice(), N, group, (count, self.eps));
            for channel in channel..N.min(channel + width) {
                let scale = scale * self.factor(channel);
                let bias = self.bias.as_slice().get(channel);
                let bias = bias.map_or(0.0, |bias| bias.to_f64());
                scales[channel] = X::Scalar::from_f64(scale);
                shifts[channel] = X::Scalar::from_f64(bias - mean * scale);
            }
        }
        let places = x.as_slice().chunks_exact(N.max(1));
        for (x, y) in places.zip(y.chunks_exact_mut(N.max(1))) {
            for (((x, y), scale), shift) in x.iter().zip(y).zip(&scales).zip(&shifts) {
                *y = *x * *scale + *shift;
            }
        }
        if function != Function::Identity {
            <X::Scalar as Scalar>::apply(function, y, N);
        }
    }

    /// With g = dy · weight: `dx = scale · (g − mean(g) − x̂ · mean(g · x̂))`.
    fn slide_back(&self, gradient: &mut Self, x: &X, dy: &X, dx: Option<&mut MaybeUninit<X>>) {
        let (width, count) = self.group(X::SHAPE.places());
        let (x, dy) = (x.as_slice(), dy.as_slice());
        let mut dx = dx.map(|dx| zeroed(dx).as_mut_slice());
        let (dw, db) = (gradient.weight.as_mut_slice(), gradient.bias.as_mut_slice());
        for first in (0..N).step_by(width) {
            let [mean, scale] = statistics(x, N, (first / width, width), (count, self.eps));
            let at = || {
                (0..X::SHAPE.places())
                    .flat_map(move |place| (first..N.min(first + width)).map(move |c| (place, c)))
            };
            let standard = |at: usize| (x[at].to_f64() - mean) * scale;
            let (mut sum, mut along) = (0.0, 0.0);
            for (place, channel) in at() {
                let at = place * N + channel;
                let (standard, slope) = (standard(at), dy[at].to_f64());
                if let (Some(dw), Some(db)) = (dw.get_mut(channel), db.get_mut(channel)) {
                    *dw += X::Scalar::from_f64(slope * standard);
                    *db += dy[at];
                }
                let slope = slope * self.factor(channel);
                sum += slope;
                along += slope * standard;
            }
            if let Some(dx) = &mut dx {
                for (place, channel) in at() {
                    let at = place * N + channel;
                    let slope = dy[at].to_f64() * self.factor(channel);
                    let rest = slope - sum / count - standard(at) * along / count;
                    dx[at] = X::Scalar::from_f64(scale * rest);
                }
            }
        }
    }
}
