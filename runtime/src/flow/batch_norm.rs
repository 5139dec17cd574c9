//! Statistics over all blocks of a batch, and what is done with them.

use super::record::Standardized;
use crate::{kernels::math::square_root, scalar::Scalar};

/// What is known of a feature over the batch.
#[derive(Clone, Copy)]
pub(super) struct Statistics {
    pub(super) mean: f64,
    /// The sum of the squares of the distances from it.
    pub(super) squares: f64,
    /// The sum of the gradients.
    slopes: f64,
    /// The sum of the gradients times what was standardized.
    along: f64,
}

/// A batch on its way, and how far it is.
#[derive(Clone, Copy)]
pub(super) struct Batch {
    pub(super) samples: usize,
    pub(super) done: usize,
    pub(super) phase: Phase,
}

impl Batch {
    /// The same where each place of a value is counted.
    pub(super) const fn of_places(self, places: usize) -> Self {
        Self {
            samples: self.samples * places,
            done: self.done * places,
            ..self
        }
    }
}

/// What a pass through the blocks is for.
#[derive(Clone, Copy)]
pub(super) enum Phase {
    /// There is one block: all becomes known on the way.
    Once,
    /// There only: the mean and the variance of that layer.
    There(usize),
    /// There and back: what the way back needs of that layer.
    Back(usize),
    /// All is known.
    Last,
}

impl Phase {
    pub(super) const fn of(pass: usize, passes: usize, layers: usize) -> Self {
        if passes == 1 {
            Self::Once
        } else if pass < layers {
            Self::There(pass)
        } else if pass < 2 * layers {
            Self::Back(2 * layers - 1 - pass)
        } else {
            Self::Last
        }
    }

    /// Whether a layer's mean and variance are taken.
    pub(super) const fn takes(self, which: Standardized) -> bool {
        match self {
            Self::Once => true,
            Self::There(layer) => which.layer == layer,
            Self::Back(_) | Self::Last => false,
        }
    }

    /// Whether they are known.
    pub(super) const fn knows(self, which: Standardized) -> bool {
        match self {
            Self::Once | Self::Back(_) | Self::Last => true,
            Self::There(layer) => which.layer < layer,
        }
    }

    /// Whether the sums of a layer's gradients are taken.
    pub(super) const fn takes_back(self, which: Standardized) -> bool {
        match self {
            Self::Once => true,
            Self::Back(layer) => which.layer == layer,
            Self::There(_) | Self::Last => false,
        }
    }

    /// Whether they are known.
    pub(super) const fn knows_back(self, which: Standardized) -> bool {
        match self {
            Self::Once | Self::Last => true,
            Self::Back(layer) => which.layer > layer,
            Self::There(_) => false,
        }
    }
}

/// A block's samples are added to the mean and the variance of `done` others, as
/// [Chan, Golub and LeVeque](https://doi.org/10.1080/00031305.1983.10483115) put parts together.
pub(super) fn add_samples<T: Scalar>(statistics: &mut [Statistics], x: &[T], done: usize) {
    let width = statistics.len();
    let count = (x.len() / width.max(1)) as f64;
    for (feature, of) in statistics.iter_mut().enumerate() {
        let column = || x.iter().skip(feature).step_by(width);
        let mean = column().map(|x| x.to_f64()).sum::<f64>() / count;
        let square = |x: &T| (x.to_f64() - mean) * (x.to_f64() - mean);
        let squares = column().map(square).sum::<f64>();
        if done == 0 {
            (of.mean, of.squares) = (mean, squares);
        } else {
            let (before, all) = (done as f64, done as f64 + count);
            let apart = mean - of.mean;
            of.mean += apart * count / all;
            of.squares += squares + apart * apart * before * count / all;
        }
    }
}

/// Less the mean, divided by √(variance + eps).
pub(super) fn standardize<T: Scalar>(
    statistics: &[Statistics],
    x: &mut [T],
    samples: usize,
    eps: f64,
) {
    let width = statistics.len();
    for (feature, of) in statistics.iter().enumerate() {
        let scale = scale(of, samples, eps);
        for x in x.iter_mut().skip(feature).step_by(width) {
            *x = T::from_f64((x.to_f64() - of.mean) * scale);
        }
    }
}

fn scale(of: &Statistics, samples: usize, eps: f64) -> f64 {
    1.0 / square_root(of.squares / samples as f64 + eps)
}

/// A block's gradients are added to the sums of those before.
pub(super) fn add_slopes<T: Scalar>(
    statistics: &mut [Statistics],
    kept: &[T],
    slopes: &[T],
    is_first: bool,
) {
    let width = statistics.len();
    for (feature, of) in statistics.iter_mut().enumerate() {
        if is_first {
            (of.slopes, of.along) = (0.0, 0.0);
        }
        let pairs = slopes.iter().zip(kept).skip(feature).step_by(width);
        for (slope, kept) in pairs {
            of.slopes += slope.to_f64();
            of.along += slope.to_f64() * kept.to_f64();
        }
    }
}

/// `dx = scale · (g − mean(g) − x̂ · mean(g · x̂))`
pub(super) fn back<T: Scalar>(
    statistics: &[Statistics],
    kept: &[T],
    slopes: &mut [T],
    samples: usize,
    eps: f64,
) {
    let (width, count) = (statistics.len(), samples as f64);
    for (feature, of) in statistics.iter().enumerate() {
        let scale = scale(of, samples, eps);
        let (mean, along) = (of.slopes / count, of.along / count);
        let pairs = slopes.iter_mut().zip(kept).skip(feature).step_by(width);
        for (slope, kept) in pairs {
            let dx = slope.to_f64() - mean - kept.to_f64() * along;
            *slope = T::from_f64(dx * scale);
        }
    }
}
