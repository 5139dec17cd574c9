//! The test that a network answers as PyTorch did.

use std::{format, vec::Vec};

use crate::{
    scalar::Scalar,
    value::{Shape, Value},
    weights::file::numbers,
};
use layerwise_format::File;

/// Compares `forward` with the `input` and `output` of a file, as `torch.allclose` does with
/// `rtol = atol = tolerance`: y is as good as e where |y − e| ≤ tolerance · (1 + |e|). NaN is as
/// good as NaN, and an infinity as the same infinity.
///
/// # Panics
///
/// Where they differ: with how many outputs do, and where the one that is farthest off is.
pub fn check<X: Value, Y: Value<Scalar = X::Scalar>>(
    mut forward: impl FnMut(&X) -> Y,
    [name, file]: [&str; 2],
    bytes: &[u8],
    tolerance: f64,
) {
    let [inputs, outputs] = ["input", "output"].map(|tensor| -> Vec<X::Scalar> {
        let file = File::read(bytes).expect("the macro has read the file");
        let view = file.tensor(tensor).expect("the compiler has checked it");
        numbers(view).map(Scalar::from_f64).collect()
    });
    let mut off = 0;
    let mut worst = (0.0, None);
    for (sample, (input, expected)) in inputs
        .chunks(X::LEN)
        .zip(outputs.chunks(Y::LEN))
        .enumerate()
    {
        let mut value = X::zeros();
        for (number, at) in input.iter().zip(by_channels(X::SHAPE)) {
            value.as_mut_slice()[at] = *number;
        }
        let found = forward(&value);
        let found = by_channels(Y::SHAPE).map(|at| &found.as_slice()[at]);
        for (output, (found, expected)) in found.zip(expected).enumerate() {
            let distance = distance(found.to_f64(), expected.to_f64());
            if distance > tolerance {
                off += 1;
            }
            if distance > worst.0 {
                worst = (distance, Some((sample, output, *found, *expected)));
            }
        }
    }
    let (distance, Some((sample, output, found, expected))) = worst else {
        return;
    };
    let total = outputs.len();
    let report = format!(
        "`{name}` does not answer as in \"{file}\": {off} of {total} outputs are off; \
         output {output} of sample {sample} is {found:?} instead of {expected:?}, \
         which is {distance:.1e} where the tolerance is {tolerance:.1e}"
    );
    assert!(off == 0, "{report}");
}

/// Where a value keeps the numbers that PyTorch counts channel by channel.
fn by_channels(shape: Shape) -> impl Iterator<Item = usize> {
    let (channels, places) = (shape.channels(), shape.places());
    (0..channels).flat_map(move |channel| (0..places).map(move |place| place * channels + channel))
}

/// How far apart two numbers are, in units of 1 + |expected|.
fn distance(found: f64, expected: f64) -> f64 {
    if found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan() {
        return 0.0;
    }
    let distance = (found - expected).abs() / (1.0 + expected.abs());
    if distance.is_nan() {
        f64::INFINITY
    } else {
        distance
    }
}
