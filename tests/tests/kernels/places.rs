//! Convolutions and pools over values that end or begin at a page that can't be touched.

use std::{ptr, slice};

use layerwise::{Layer, MSELoss, Network, SGD, Scalar, Trainer, Value, network};
use layerwise_tests::on_each_level;

use crate::{
    guarded::{Edge, Guarded},
    reference::Numbers,
};

const SAMPLES: usize = 3;

/// `SAMPLES` values as one slice.
///
/// # Safety
///
/// A value is its numbers, and there are as many.
unsafe fn values<X: Value>(numbers: &mut Guarded<X::Scalar>) -> &mut [X] {
    let numbers = numbers.values();
    assert_eq!(numbers.len(), SAMPLES * X::LEN);
    assert_eq!(size_of::<X>(), X::LEN * size_of::<X::Scalar>());
    // SAFETY: by the caller.
    unsafe { slice::from_raw_parts_mut(numbers.as_mut_ptr().cast(), SAMPLES) }
}

fn check<X: Value, Y: Value<Scalar = X::Scalar>, N: Network<Input = X> + Layer<X, Output = Y>>(
    network: &N,
    train: impl Fn(&N, &[X], &[Y]),
) {
    let mut numbers = Numbers(321);
    let x: Vec<X::Scalar> = numbers.take(SAMPLES * X::LEN);
    let wrong = vec![X::Scalar::from_f64(1e9); SAMPLES * Y::LEN];
    for edge in [Edge::Front, Edge::Back] {
        let (mut x, mut y) = (Guarded::new(&x, edge), Guarded::new(&wrong, edge));
        // The network, too, as the numbers that it takes the room of.
        let bytes = size_of::<N>().div_ceil(size_of::<X::Scalar>());
        let mut room = Guarded::new(&vec![X::Scalar::ZERO; bytes], edge);
        let place = room.values().as_mut_ptr().cast::<N>();
        assert!(place.is_aligned());
        // SAFETY: there is room for a network, which is forgotten there, and values are their numbers.
        let (network, x, y) = unsafe {
            ptr::copy_nonoverlapping(network, place, 1);
            (&*place, values::<X>(&mut x), values::<Y>(&mut y))
        };
        network.forward_batch(x, y);
        for (x, y) in x.iter().zip(y.iter()) {
            let expected = network.forward(x);
            for (found, expected) in y.as_slice().iter().zip(expected.as_slice()) {
                let off = (found.to_f64() - expected.to_f64()).abs();
                assert!(off <= 1e-5, "{found:?} instead of {expected:?}");
            }
        }
        train(network, x, y);
    }
}

macro_rules! guarded {
    ($($name:ident: [$($chain:tt)*])*) => {$(
        #[test]
        fn $name() {
            network! {
                struct Single = $($chain)*;
                #[network(scalar = f64)]
                struct Double = $($chain)*;
            }
            let (single, double) = (Single::boxed(), Double::boxed());
            on_each_level(|_| {
                check(&*single, |net, x, y| {
                    let mut trainer = Trainer::new(net.clone(), SGD::new(0.1), MSELoss::new());
                    assert!(trainer.gradient(x, y).0.is_finite());
                });
                check(&*double, |net, x, y| {
                    let mut trainer = Trainer::new(net.clone(), SGD::new(0.1), MSELoss::new());
                    assert!(trainer.gradient(x, y).0.is_finite());
                });
            });
        }
    )*};
}

guarded! {
    few_channels: [Input(3, 9, 11) -> Conv2d(3, 5, 3, padding = 1, stride = 2)]
    one_channel: [Input(1, 7, 29) -> Conv2d(1, 6, 5, padding = 2, bias = false)]
    one_pooled: [Input(1, 9, 37) -> Conv2d(1, 6, 5, padding = 2) -> ReLU -> MaxPool2d(2)]
    one_pooled_inside: [Input(1, 6, 40) -> Conv2d(1, 5, (2, 3)) -> MaxPool2d(2)]
    register_pooled: [Input(3, 9, 14) -> Conv2d(3, 16, 5) -> ReLU -> MaxPool2d(2)]
    register: [Input(2, 4, 27) -> Conv2d(2, 16, 3, padding = 1) -> ReLU -> MaxPool2d(3, stride = 1)]
    one_dilated: [Input(1, 5, 33) -> Conv2d(1, 5, 3, padding = 2, dilation = 2)]
    many_channels: [Input(17, 6, 9) -> Conv2d(17, 67, 3)]
    groups: [Input(12, 5, 6) -> Conv2d(12, 20, 2, groups = 4, dilation = 2)]
    depthwise: [Input(35, 6, 13) -> Conv2d(35, 35, 3, padding = 1, groups = 35)]
    without_copies: [Input(310, 3, 8) -> Conv2d(310, 3, 3, padding = 1)]
    one_by_one: [Input(19, 11, 13) -> Conv2d(19, 19, 3, padding = 1, groups = 19) -> ReLU6 -> Conv2d(19, 18, 1)]
    in_one_row: [Input(18, 3, 7) -> Conv2d(18, 33, 1)]
    window: [Input(2, 23) -> Conv1d(2, 9, 4, stride = 3, padding = 2)]
    largest: [Input(19, 7, 6) -> MaxPool2d(3, 2, padding = 1)]
    mean: [Input(5, 31) -> AvgPool1d(4, ceil_mode = true)]
    shares: [Input(33, 5, 7) -> AdaptiveAvgPool2d((3, 2))]
}
