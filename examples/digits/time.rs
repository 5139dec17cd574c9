//! How long a network takes.

use std::{hint::black_box, time::Instant};

/// What `forward` takes for each sample: the median of some rounds over all of them, in nanoseconds.
pub(crate) fn each<X, Y>(samples: &[X], forward: impl Fn(&X) -> Y) -> f64 {
    let round = || {
        let start = Instant::now();
        for sample in samples {
            black_box(forward(black_box(sample)));
        }
        start.elapsed().as_nanos() as f64 / samples.len() as f64
    };
    let mut rounds: Vec<f64> = (0..101).map(|_| round()).collect();
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}
