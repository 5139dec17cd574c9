//! Windows and images in declarations: own layers, nested networks, names, sizes and counts.
#![allow(clippy::float_cmp, reason = "the numbers are exact")]

use layerwise::{Image, Layer, Network, Parameters, SMatrix, SVector, Shape, Value as _, network};
use layerwise_tests::on_each_level;

/// Doubles each number of an image, and of nothing else.
#[derive(Clone, Parameters)]
struct Twice;

impl<const C: usize, const H: usize, const W: usize> Layer<Image<f32, C, H, W>> for Twice {
    type Output = Image<f32, C, H, W>;
    fn forward(&self, x: &Image<f32, C, H, W>) -> Image<f32, C, H, W> {
        Image::from_fn(|c, row, column| 2.0 * x[(c, row, column)])
    }
}

/// The rows of an image with one channel, as the channels of a window.
#[derive(Clone, Parameters)]
struct Rows;

impl<const H: usize, const W: usize> Layer<Image<f32, 1, H, W>> for Rows {
    type Output = SMatrix<f32, H, W>;
    fn forward(&self, x: &Image<f32, 1, H, W>) -> SMatrix<f32, H, W> {
        SMatrix::from_fn(|row, column| x[(0, row, column)])
    }
}

const CHANNELS: usize = 3;
const SIZE: usize = 8;
const KERNEL: usize = 3;

network! {
    struct Features = Input(1, 6, 6) -> Conv2d(1, 2, 3) -> Twice -> ReLU;
    struct Whole = features: Features -> Identity -> pool: AvgPool2d(2) -> Flatten -> fc: Linear(8, 3);
    struct Spectrum = Input(1, 4, 9) -> Rows -> Conv1d(4, 2, 3) -> Concat(Rectified, Identity)
        -> Flatten -> Linear(_, 1);
    struct Rectified = Input(2, 7) -> ReLU;
    struct Constants = Input(CHANNELS, SIZE, 2 * SIZE)
        -> Conv2d(CHANNELS, 2 * CHANNELS, KERNEL, padding = "same")
        -> Residual(Conv2d(_, 2 * CHANNELS, (KERNEL, 1), padding = (1, 0)))
        -> MaxPool2d(KERNEL - 1) -> Concat(Identity, Conv2d(_, 4, 1)) -> GLU(dim = 1)
        -> AdaptiveAvgPool2d((2, SIZE / 4)) -> Flatten -> Linear(_, 2);
    struct Again = Input(2, 3, 3) -> Twice -> Twice -> Tanh -> Twice;
    struct Blocks = Input(2, 5, 5) -> [Conv2d(2, 2, 3, padding = 1) -> Tanh; 3] -> body: (Conv2d(_, 1, 5));
}

#[test]
fn networks_and_own_layers_stand_among_images() {
    let net = Whole::new();
    let x = Image::from_fn(|_, row, column| (row as f32) - (column as f32) / 2.0);
    let features = net.features.forward(&x);
    let convolved = Layer::forward(&net.features.conv2d0, &x);
    for at in [(0, 0, 0), (1, 3, 2), (1, 1, 1)] {
        assert_eq!(features[at], (2.0 * convolved[at]).max(0.0));
    }
    let pooled: Image<f32, 2, 2, 2> = Layer::forward(&net.pool, &features);
    let mean =
        (features[(1, 0, 2)] + features[(1, 0, 3)] + features[(1, 1, 2)] + features[(1, 1, 3)])
            / 4.0;
    assert!((pooled[(1, 0, 1)] - mean).abs() < 1e-6);
    let flat: SVector<f32, 8> = Layer::forward(&layerwise::Flatten::<8>::ZEROS, &pooled);
    assert_eq!((flat[5], flat[2]), (pooled[(1, 0, 1)], pooled[(0, 1, 0)]));
    let expected = net.fc.weight * flat + net.fc.bias;
    assert!((net.forward(&x) - expected).amax() < 1e-6);
}

#[test]
fn own_layers_change_the_kind_of_value() {
    let net = Spectrum::new();
    let y = net.forward(&Image::from_fn(|_, row, column| (row * column) as f32));
    assert!(y[0].is_finite());
    assert!(
        Spectrum::SUMMARY.contains("1×4×9      4×9"),
        "{}",
        Spectrum::SUMMARY
    );
}

#[test]
fn sizes_may_be_constants() {
    let y = Constants::new().forward(&Image::from_element(0.5));
    assert!(y.iter().all(|y| y.is_finite()));
    let linear = 5 * 2 * 2 * 2 + 2;
    let first = 3 * 6 * 9 + 6;
    let residual = 6 * 6 * 3 + 6;
    assert_eq!(
        Constants::PARAMETERS,
        first + residual + (6 * 4 + 4) + linear
    );
    let macs = 3 * 6 * 9 * 8 * 16 + 6 * 6 * 3 * 8 * 16 + 6 * 4 * 4 * 8 + 5 * 2 * 2 * 2;
    assert_eq!(Constants::MACS, macs);
}

#[test]
fn blocks_and_repeats_hold_convolutions() {
    let net = Blocks::new();
    let mut x = Image::from_fn(|c, row, column| (c + row * column) as f32 / 9.0);
    let whole = net.forward(&x);
    for copy in &net.repeat0 {
        x = copy.forward(&x);
    }
    let expected = net.body.forward(&x);
    assert!((whole[(0, 0, 0)] - expected[(0, 0, 0)]).abs() < 1e-6);
    assert_eq!(<Blocks as Network>::Input::SHAPE, Shape::new(&[2, 5, 5]));
    assert_eq!((Blocks::INPUTS, Blocks::OUTPUTS), (50, 1));
}

/// Also where a number is NaN, the pool's options were changed, so that it isn't taken with the convolution, or the
/// activation falls.
macro_rules! pooled {
    ($([$x:ty => $convolved:ty => $pooled:ty, $($chain:tt)*])*) => { $({
        network! {
            struct Pooled = $($chain)*;
        }
        let mut net = Pooled::new();
        let mut x = <$x>::from_fn(|c, row, column| ((c + 7 * row + 3 * column) % 11) as f32 - 5.0);
        x[(0, 4, 20)] = f32::NAN;
        for stride in [2, 1] {
            net.pool.stride = [stride; 2];
            on_each_level(|level| {
                let convolved: $convolved = Layer::forward(&net.conv, &x);
                let alone: $pooled = Layer::forward(&net.pool, &Layer::forward(&net.act, &convolved));
                let together = net.forward(&x);
                for (found, expected) in together.as_slice().iter().zip(alone.as_slice()) {
                    let is_alike =
                        (found - expected).abs() < 1e-5 || found.is_nan() && expected.is_nan();
                    assert!(
                        is_alike,
                        "{found} instead of {expected} on {level:?}, by {stride}"
                    );
                }
            });
        }
    })* };
}

#[test]
fn a_pool_behind_a_convolution_is_what_it_is_alone() {
    pooled! {
        [Image<f32, 1, 9, 37> => Image<f32, 6, 9, 37> => Image<f32, 6, 4, 18>,
            Input(1, 9, 37) -> conv: Conv2d(1, 6, 5, padding = 2) -> act: ReLU -> pool: MaxPool2d(2)]
        [Image<f32, 1, 9, 37> => Image<f32, 4, 9, 37> => Image<f32, 4, 4, 18>,
            Input(1, 9, 37) -> conv: Conv2d(1, 4, 3, padding = 1) -> act: LeakyReLU(-0.5)
                -> pool: MaxPool2d(2)]
        [Image<f32, 3, 7, 25> => Image<f32, 16, 5, 21> => Image<f32, 16, 2, 10>,
            Input(3, 7, 25) -> conv: Conv2d(3, 16, (3, 5)) -> act: ReLU6 -> pool: MaxPool2d(2)]
        [Image<f32, 3, 7, 25> => Image<f32, 16, 5, 21> => Image<f32, 16, 2, 10>,
            Input(3, 7, 25) -> conv: Conv2d(3, 16, (3, 5)) -> act: LeakyReLU(-0.5)
                -> pool: MaxPool2d(2)]
    }
}

#[test]
fn an_image_is_its_numbers() {
    let planes: Vec<f32> = (0..24_u8).map(f32::from).collect();
    let image = Image::<f32, 2, 3, 4>::from_planes(&planes);
    assert_eq!(image[(1, 2, 3)], 23.0);
    assert_eq!(image.as_slice()[..4], [0.0, 12.0, 1.0, 13.0]);
    assert_eq!(Image::<f32, 2, 3, 4>::from_pixels(image.as_slice()), image);
    let mut other = image;
    other[(0, 0, 0)] = 5.0;
    assert_ne!(other, image);
}

#[test]
#[should_panic(expected = "an image of 2×3×4 has 24 numbers, not 23")]
fn an_image_has_as_many_numbers() {
    let _ = Image::<f32, 2, 3, 4>::from_planes(&[0.0; 23]);
}

#[test]
fn one_type_may_stand_at_several_places() {
    let x = Image::from_element(0.25);
    let y = Again::new().forward(&x);
    assert!((y[(1, 2, 2)] - 2.0 * 1.0_f32.tanh()).abs() < 1e-6);
}
