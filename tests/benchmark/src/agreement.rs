//! Whether all contestants compute the same.

use std::error::Error;
use std::fmt;

use crate::contestants::Mode;

/// How far an answer may be from the reference: outputs are about 1, and sums in f32 of up to 784
/// products in any order are well within.
pub const TOLERANCE: f64 = 1e-5;

/// An answer that is wrong.
#[derive(Debug)]
pub struct Disagreement {
    contestant: &'static str,
    model: &'static str,
    mode: Mode,
    place: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            contestant,
            model,
            mode,
            place,
        } = self;
        write!(
            f,
            "{contestant} is wrong in {model}, {}: {place}",
            mode.title()
        )
    }
}

impl Error for Disagreement {}

/// The largest difference between `outputs` and `reference`.
pub fn check(
    contestant: &'static str,
    model: &'static str,
    mode: Mode,
    outputs: &[f32],
    reference: &[f64],
) -> Result<f64, Disagreement> {
    let wrong = |place| Disagreement {
        contestant,
        model,
        mode,
        place,
    };
    if outputs.len() != reference.len() {
        return Err(wrong(format!(
            "{} numbers for {}",
            outputs.len(),
            reference.len()
        )));
    }
    let mut worst: f64 = 0.0;
    for (i, (&y, &expected)) in outputs.iter().zip(reference).enumerate() {
        let difference = (f64::from(y) - expected).abs();
        if difference.is_nan() || difference > TOLERANCE {
            let width = reference.len() / mode.samples();
            let (sample, output) = (i / width, i % width);
            return Err(wrong(format!(
                "sample {sample}, output {output}: {y} for {expected}"
            )));
        }
        worst = worst.max(difference);
    }
    Ok(worst)
}
