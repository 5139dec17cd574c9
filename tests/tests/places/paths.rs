//! Ways through the kernels that the networks of the fixtures don't take.

use layerwise::{Image, SMatrix, network};
use layerwise_tests::on_each_level;

/// The same number, or both none.
fn alike(x: f32, y: f32) -> bool {
    x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan()
}

/// What `torch.nn.MaxPool1d(3)` of PyTorch 2.9.1 gives: a NaN stays, whatever is beside it.
#[test]
fn the_largest_of_special_values() {
    const BELOW: f32 = f32::NEG_INFINITY;
    let (nan, infinity) = (f32::NAN, f32::INFINITY);
    let windows = [
        [infinity, nan, 1.0],
        [nan, infinity, 2.0],
        [BELOW; 3],
        [nan, 1.0, 2.0],
        [1.0, 2.0, nan],
        [BELOW, infinity, 3.0],
        [3.0, -0.0, 1.0],
        [-2.0, -1.0, BELOW],
        [BELOW, BELOW, nan],
    ];
    let expected = [nan, nan, BELOW, nan, nan, infinity, 3.0, -1.0, nan];
    // Nine outputs take the way of many beside each other, two that of each by itself.
    let many = network!(Input(5, 27) -> MaxPool1d(3));
    let two = network!(Input(5, 6) -> MaxPool1d(3));
    let numbers = windows.as_flattened();
    on_each_level(|level| {
        let y = many.forward(&SMatrix::from_fn(|_, step| numbers[step]));
        for (found, expected) in y.column_iter().zip(expected) {
            assert!(
                found.iter().all(|y| alike(*y, expected)),
                "{y} on {level:?}"
            );
        }
        for (pair, expected) in numbers.chunks_exact(6).zip(expected.chunks_exact(2)) {
            let y = two.forward(&SMatrix::from_fn(|_, step| pair[step]));
            for (found, expected) in y.column_iter().zip(expected) {
                assert!(
                    found.iter().all(|y| alike(*y, *expected)),
                    "{y} on {level:?}"
                );
            }
        }
    });
}

/// Rows with zeros on both sides are copied where there is room for them. With more channels there is
/// none: all but a few are zero here, so that the outputs are those of a network with these few.
#[test]
fn rows_without_room_for_a_copy() {
    let small = network!(Input(4, 5, 8) -> conv: Conv2d(4, 3, 3, padding = 1) -> ReLU);
    let mut large = network!(Input(310, 5, 8) -> conv: Conv2d(310, 3, 3, padding = 1) -> ReLU);
    large.conv.weight.numbers.fill(0.0);
    large.conv.bias = small.conv.bias;
    for tap in 0..9 {
        for input in 0..4 {
            let column = small.conv.weight.numbers.column(tap * 4 + input);
            let to = &mut large.conv.weight.numbers;
            to.column_mut(tap * 310 + input).copy_from(&column);
        }
    }
    let number = |c: usize, row: usize, column: usize| ((c * 7 + row * 3 + column * 5) % 11) as f32;
    let (few, many) = (Image::from_fn(number), Box::new(Image::from_fn(number)));
    on_each_level(|level| {
        let (found, expected) = (large.forward(&many), small.forward(&few));
        for (found, expected) in found.as_slice().iter().zip(expected.as_slice()) {
            let off = (found - expected).abs();
            assert!(off <= 2e-5, "{found} instead of {expected} on {level:?}");
        }
    });
}

/// The same where each channel is by itself.
#[test]
fn channels_without_room_for_a_copy() {
    let small = network!(Input(31, 5, 8) -> conv: Conv2d(31, 31, 3, padding = 1, groups = 31));
    let mut large =
        network!(Input(310, 5, 8) -> conv: Conv2d(310, 310, 3, padding = 1, groups = 310));
    for (channel, mut row) in large.conv.weight.numbers.row_iter_mut().enumerate() {
        row.copy_from(&small.conv.weight.numbers.row(channel % 31));
    }
    for (channel, bias) in large.conv.bias.iter_mut().enumerate() {
        *bias = small.conv.bias[channel % 31];
    }
    let number =
        |c: usize, row: usize, column: usize| ((c % 31 * 7 + row * 3 + column * 5) % 11) as f32;
    let (few, many) = (Image::from_fn(number), Box::new(Image::from_fn(number)));
    on_each_level(|level| {
        let (found, expected) = (Box::new(large.forward(&many)), small.forward(&few));
        for (channel, row, column) in (0..310 * 40).map(|i| (i / 40, i / 8 % 5, i % 8)) {
            let found = found[(channel, row, column)];
            let expected = expected[(channel % 31, row, column)];
            let off = (found - expected).abs();
            assert!(off <= 2e-5, "{found} instead of {expected} on {level:?}");
        }
    });
}
