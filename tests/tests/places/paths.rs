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

/// Images of one channel whose outputs don't fill a register have places beside one another in it. The same
/// with a second channel of no weight go place by place.
macro_rules! one_channel {
    ($level:ident, $([$height:literal, $width:literal, $outputs:literal, $($options:tt)*])*) => { $({
        let one = network!(
            Input(1, $height, $width) -> conv: Conv2d(1, $outputs, $($options)*) -> LeakyReLU
        );
        let mut two = network!(
            Input(2, $height, $width) -> conv: Conv2d(2, $outputs, $($options)*) -> LeakyReLU
        );
        two.conv.bias = one.conv.bias;
        for (column, weights) in one.conv.weight.numbers.column_iter().enumerate() {
            two.conv.weight.numbers.column_mut(2 * column).copy_from(&weights);
            two.conv.weight.numbers.column_mut(2 * column + 1).fill(0.0);
        }
        let number = |_: usize, row: usize, column: usize| ((row * 3 + column * 5) % 11) as f32 - 4.0;
        let (found, expected) = (one.forward(&Image::from_fn(number)), two.forward(&Image::from_fn(number)));
        for (at, (found, expected)) in found.as_slice().iter().zip(expected.as_slice()).enumerate() {
            let off = (found - expected).abs();
            assert!(off <= 1e-5, "{found} instead of {expected} at {at} on {:?}", $level);
        }
    })* };
}

#[test]
fn one_channel_by_vectors_of_places() {
    on_each_level(|level| {
        one_channel! {
            level,
            [6, 29, 6, 5, padding = 2]
            [7, 40, 4, (3, 5), stride = (2, 1), padding = (1, 2), dilation = (2, 3)]
            [5, 33, 9, (2, 3), padding = "same"]
            [4, 16, 5, 1]
            [3, 65, 7, 3]
        }
    });
}

/// What a convolution gives by its definition, whatever its options are: no output is one of a place
/// that isn't there, and no number overflows.
fn by_definition(
    [stride, padding, dilation]: [usize; 3],
    [size, output]: [usize; 2],
    taps: usize,
    mut term: impl FnMut(usize, usize) -> f32,
) -> f32 {
    let [stride, dilation] = [stride, dilation].map(|option| option.max(1) as i128);
    let mut sum = 0.0;
    for tap in 0..taps {
        let place = output as i128 * stride + tap as i128 * dilation - padding as i128;
        if let Ok(place) = usize::try_from(place)
            && place < size
        {
            sum += term(tap, place);
        }
    }
    sum
}

/// Options are fields, which a program may set to anything.
#[test]
fn options_that_no_declaration_has() {
    const ALL: [usize; 6] = [0, 1, 2, 7, usize::MAX / 2, usize::MAX];
    let x = SMatrix::<f32, 3, 19>::from_fn(|channel, step| (channel * 5 + step) as f32 % 7.0 - 3.0);
    let first = x.row(0).into_owned();
    let mut dense = network!(Input(3, 19) -> conv: Conv1d(3, 4, 3, padding = 1));
    let mut each = network!(Input(3, 19) -> conv: Conv1d(3, 3, 3, padding = 1, groups = 3));
    let mut one = network!(Input(1, 19) -> conv: Conv1d(1, 5, 3, padding = 1));
    let mut alone = network!(Input(3, 19) -> conv: Conv1d(3, 4, 1));
    let mut pool =
        network!(Input(3, 19) -> pool: AvgPool1d(3, 1, padding = 1, count_include_pad = false));
    on_each_level(|level| {
        for code in 0..ALL.len().pow(3) {
            let options = [code / 36, code / 6 % 6, code % 6].map(|at| ALL[at]);
            let [stride, padding, dilation] = options;
            (dense.conv.stride, dense.conv.padding) = (stride, padding);
            (each.conv.stride, each.conv.padding) = (stride, padding);
            (alone.conv.stride, alone.conv.padding) = (stride, padding);
            (one.conv.stride, one.conv.padding) = (stride, padding);
            for conv in [
                &mut dense.conv.dilation,
                &mut each.conv.dilation,
                &mut one.conv.dilation,
            ] {
                *conv = dilation;
            }
            alone.conv.dilation = dilation;
            (pool.pool.stride, pool.pool.padding) = (stride, padding);
            let found = (
                dense.forward(&x),
                each.forward(&x),
                alone.forward(&x),
                one.forward(&first),
            );
            let _ = pool.forward(&x);
            // As many places as there are numbers: it is enough that nothing panics.
            let outputs = if padding == usize::MAX { 0 } else { 19 };
            for output in 0..outputs {
                for row in 0..4 {
                    let sum = |weight: &[f32], inputs: std::ops::Range<usize>, taps, bias: f32| {
                        bias + by_definition(options, [19, output], taps, |tap, place| {
                            let each = inputs.len();
                            let terms = inputs.clone().enumerate();
                            terms
                                .map(|(i, input)| weight[tap * each + i] * x[(input, place)])
                                .sum()
                        })
                    };
                    let weights = |numbers: &[f32], rows: usize| -> Vec<f32> {
                        numbers.iter().skip(row).step_by(rows).copied().collect()
                    };
                    let check = |found: f32, expected: f32| {
                        let off = (found - expected).abs();
                        assert!(
                            off <= 1e-5,
                            "{found}, not {expected}: {options:?}, {level:?}"
                        );
                    };
                    let weight = weights(dense.conv.weight.numbers.as_slice(), 4);
                    check(
                        found.0[(row, output)],
                        sum(&weight, 0..3, 3, dense.conv.bias[row]),
                    );
                    let weight = weights(alone.conv.weight.numbers.as_slice(), 4);
                    check(
                        found.2[(row, output)],
                        sum(&weight, 0..3, 1, alone.conv.bias[row]),
                    );
                    let weight = weights(one.conv.weight.numbers.as_slice(), 5);
                    check(
                        found.3[(row, output)],
                        sum(&weight, 0..1, 3, one.conv.bias[row]),
                    );
                    if row < 3 {
                        let weight = weights(each.conv.weight.numbers.as_slice(), 3);
                        let expected = sum(&weight, row..row + 1, 3, each.conv.bias[row]);
                        check(found.1[(row, output)], expected);
                    }
                }
            }
        }
    });
}

/// As many outputs as a large register has go by two rows of ten columns. The same with one more of no weight go
/// row by row.
macro_rules! sixteen_outputs {
    ($level:ident, $([$height:literal, $width:literal, $($options:tt)*])*) => { $({
        let network = network!(Input(3, $height, $width) -> conv: Conv2d(3, 16, $($options)*) -> ReLU);
        let mut other = network!(Input(3, $height, $width) -> conv: Conv2d(3, 17, $($options)*) -> ReLU);
        other.conv.bias.rows_mut(0, 16).copy_from(&network.conv.bias);
        other.conv.weight.numbers.rows_mut(0, 16).copy_from(&network.conv.weight.numbers);
        let number = |c: usize, row: usize, column: usize| ((c + row * 3 + column * 5) % 11) as f32 - 4.0;
        let found = network.forward(&Image::from_fn(number));
        let expected = other.forward(&Image::from_fn(number));
        let expected = expected.as_slice().chunks_exact(17).flat_map(|place| &place[..16]);
        for (found, expected) in found.as_slice().iter().zip(expected) {
            let off = (found - expected).abs();
            assert!(off <= 2e-5, "{found} instead of {expected} on {:?}, {}", $level, stringify!($($options)*));
        }
    })* };
}

#[test]
fn outputs_that_fill_a_register() {
    on_each_level(|level| {
        sixteen_outputs! { level,
            [8, 14, 5]
            [5, 19, 3, padding = 1]
            [7, 19, (1, 3), padding = (0, 1)]
            [6, 41, (4, 3), padding = (2, 1), stride = (1, 2)]
            [2, 29, (2, 2)]
        }
    });
}
