//! Networks of many sizes, in all ways for values to go.

use std::{env, process::Command, thread};

use layerwise::{
    __private::flow::sized, Activation, Approximate, CELU, ELU, GELU, Hardshrink, Hardsigmoid,
    Hardswish, Hardtanh, Image, LogSigmoid, LogSoftmax, Mish, Parameters, SELU, SVector, SiLU,
    Softmin, Softplus, Softshrink, Softsign, Tanhshrink, Threshold, network,
};

use crate::{
    on_each_vector_level,
    register::{raised, unmask},
};

macro_rules! networks {
    ($scalars:tt $($name:ident: $chain:tt)*) => {$(
        #[test]
        fn $name() {
            let test = || networks!(@each $scalars $chain);
            thread::Builder::new().stack_size(64 << 20).spawn(test).unwrap().join().unwrap();
        }
    )*};
    (@each [$($T:ident)*] $chain:tt) => {{
        $(networks!(@ $T, $chain);)*
    }};
    (@ $T:ident, ($($chain:tt)*)) => {{
        network! {
            #[network(scalar = $T)]
            struct Net = $($chain)*;
        }
        let mut net = Net::new();
        // Neighbours differ so much that their product is too large.
        for (mut column, scale) in net.first.weight.column_iter_mut().zip([1e-18, 1e30]) {
            for weight in column.iter_mut() {
                *weight *= scale;
            }
        }
        let input = |sample: usize| SVector::<$T, { Net::INPUTS }>::from_fn(|i, _| {
            (1.0 + sample as $T) * match i {
                0 => 1e18,
                1 => 1e-30,
                _ => 0.1 * i as $T,
            }
        });
        on_each_vector_level(|level| {
            let x = input(0);
            let mut y = SVector::zeros();
            let flags = raised(|| y = net.forward(&x));
            assert!(y.iter().all(|y| y.is_finite()));
            assert_eq!(flags, "", "one sample of {} on {level:?}", stringify!($($chain)*));
            let flags = raised(|| y = sized::forward(&net, &x));
            assert_eq!(flags, "", "one sample of {}, sized, on {level:?}", stringify!($($chain)*));
            for samples in [1, 2, 3, 5, 8, 13, 16, 17, 31] {
                let x: Vec<_> = (0..samples).map(input).collect();
                let mut y = vec![SVector::zeros(); samples];
                let flags = raised(|| net.forward_batch(&x, &mut y));
                assert_eq!(flags, "", "{samples} of {} on {level:?}", stringify!($($chain)*));
            }
        });
    }};
}

networks! { [f32 f64]
    branches: (
        first: Linear(3, 5)
            -> Residual(Linear(5, 9) -> ELU -> Linear(9, 5) -> Softsign)
            -> Concat(Linear(5, 3) -> Hardswish, Linear(5, 4) -> Softplus, Identity -> Tanhshrink)
            -> Multiply(Linear(12, 7) -> Sigmoid, Linear(12, 7) -> LogSigmoid)
            -> LayerNorm(7)
    )
    gates: (
        first: Linear(3, 7) -> PReLU(_, init = 20) -> BatchNorm1d(_) -> Linear(7, 10) -> GLU
            -> PReLU(init = 3) -> BatchNorm1d(5, eps = 0.0, affine = false)
    )
    two: (first: Linear(2, 3) -> Softmax)
    four: (first: Linear(10, 5) -> ReLU -> Linear(5, 1) -> Sigmoid)
    six: (first: Linear(7, 9) -> LeakyReLU(20.0) -> Linear(_, 2))
    eight: (first: Linear(33, 3) -> Sigmoid -> Softmax -> Linear(_, 4))
    eleven: (first: Linear(12, 20) -> ReLU -> Linear(_, 10) -> Softmax)
    thirteen: (first: Linear(100, 40) -> Tanh -> [Linear(40, 40) -> Sigmoid; 2] -> Linear(_, 1))
}

networks! { [f32]
    many_gates: (
        first: Linear(11, 37) -> BatchNorm1d(_) -> PReLU(_) -> Linear(_, 74) -> GLU -> PReLU
            -> Linear(37, 26) -> BatchNorm1d(_, affine = false) -> GLU -> Sigmoid
    )
    one: (first: Linear(1, 1) -> Softmax)
    three: (first: Linear(3, 5) -> Sigmoid -> Linear(_, 3) -> Softmax)
    five: (first: Linear(10, 5) -> Linear(5, 3) -> Softmax -> Tanh)
    seven: (first: Linear(5, 13) -> Tanh -> Linear(_, 3, bias = false) -> ReLU6)
    nine: (first: Linear(3, 17) -> Softmax)
    ten: (first: Linear(64, 128) -> Sigmoid -> Linear(_, 64) -> Tanh)
    twelve: (first: Linear(30, 33) -> LeakyReLU(20.0) -> Linear(_, 31) -> Softmax)
    fourteen: (first: Linear(300, 70) -> Sigmoid -> Linear(_, 6) -> Softmax)
}

/// Channels so different that the product of one's input with another's weight is too large.
#[test]
fn places_raise_nothing() {
    macro_rules! check {
        ($($by:ident [$($chain:tt)*])*) => {$({
            network! { struct Net = $($chain)*; }
            let mut net = Net::boxed();
            for (mut line, scale) in net.first.weight.numbers.$by().zip([1e-18, 1e30]) {
                line *= scale;
            }
            let x = Image::from_fn(|channel, row, column| match channel {
                0 => 1e18,
                1 => 1e-30,
                _ => 0.1 * (channel + row * column) as f32,
            });
            on_each_vector_level(|level| {
                let (x, mut y) = ([x; 3], vec![Image::from_element(0.0); 3]);
                let flags = raised(|| y[0] = net.forward(&x[0]));
                assert_eq!(flags, "", "{} on {level:?}", stringify!($($chain)*));
                let flags = raised(|| net.forward_batch(&x, &mut y));
                assert_eq!(flags, "", "{} on {level:?}", stringify!($($chain)*));
                assert!(y.iter().flat_map(Image::as_slice).all(|y| y.is_finite()));
            });
        })*};
    }
    check! {
        column_iter_mut [Input(3, 7, 9) -> first: Conv2d(3, 5, 1) -> ReLU -> MaxPool2d(2, padding = 1)]
        column_iter_mut [Input(5, 6, 13) -> first: Conv2d(5, 19, 1, stride = 2) -> Sigmoid -> Softmax(dim = 1)]
        column_iter_mut [Input(2, 5, 5) -> first: Conv2d(2, 37, 1, padding = 1) -> GroupNorm(1, 37) -> GELU]
        row_iter_mut [Input(11, 6, 7) -> first: Conv2d(11, 11, 3, padding = 1, groups = 11) -> AvgPool2d(2)]
        row_iter_mut [Input(21, 5, 12) -> first: Conv2d(21, 21, 3, groups = 21) -> AdaptiveAvgPool2d((2, 3))]
    }
}

/// A bias that a sample of zeros would show.
#[test]
fn samples_that_fill_a_register_are_like_those_that_were_given() {
    network! { struct Net = first: Linear(1, 2) -> ReLU -> Linear(_, 1); }
    let mut net = Net::zeros();
    net.first.bias.fill(3e38);
    net.first.weight.fill(-3e38);
    net.linear2.weight.fill(10.0);
    let x = [SVector::<f32, 1>::from_element(1.0); 3];
    on_each_vector_level(|level| {
        let mut y = [SVector::zeros(); 3];
        assert_eq!(raised(|| net.forward_batch(&x, &mut y)), "", "{level:?}");
    });
}

/// Runs this very test again, with exceptions that kill the process.
#[test]
fn a_process_with_exceptions_unmasked_lives() {
    const NAME: &str = "networks::a_process_with_exceptions_unmasked_lives";
    network! {
        struct Three = Input(3) -> Softmax;
        struct Wide = Linear(64, 128) -> Sigmoid -> Linear(_, 64) -> Tanh -> Linear(_, 10) -> Softmax;
    }
    if env::var_os("EXCEPTIONS_UNMASKED").is_none() {
        let mut again = Command::new(env::current_exe().unwrap());
        let again = again
            .args(["--exact", NAME])
            .env("EXCEPTIONS_UNMASKED", "1");
        let output = again.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        return;
    }
    let wide = Wide::new();
    on_each_vector_level(|_| {
        unmask();
        let x = [SVector::<f32, 3>::new(0.1, 0.2, 0.3); 5];
        let mut y = x;
        Three::zeros().forward_batch(&x, &mut y);
        assert!(Three::zeros().forward(&x[0]).relative_eq(&y[0], 1e-6, 1e-6));
        let x = [SVector::<f32, 64>::from_element(0.7); 5];
        let mut y = [SVector::zeros(); 5];
        wide.forward_batch(&x, &mut y);
        assert!(wide.forward(&x[0]).relative_eq(&y[0], 1e-6, 1e-6));
    });
}

/// In place, on as many numbers as leave lanes over.
#[test]
fn activations_raise_nothing() {
    macro_rules! check {
        ($($activation:expr),*) => {
            on_each_vector_level(|level| {
                for len in [1, 3, 5, 7, 13] {
                    let x = |i: usize| [-90.0, 80.0, -1e-30, 0.3, -12.0, 1e30, -1e10][i % 7];
                    $({
                        let mut numbers: Vec<f32> = (0..len).map(x).collect();
                        let flags = raised(|| $activation.apply(&mut numbers));
                        assert_eq!(flags, "", "{len} of {} on {level:?}", stringify!($activation));
                    })*
                }
            });
        };
    }
    let approximate = Approximate::Tanh;
    check!(
        ELU::ZEROS,
        SELU,
        CELU::ZEROS,
        GELU::ZEROS,
        GELU { approximate },
        SiLU,
        Mish,
        Hardtanh::ZEROS,
        Hardsigmoid,
        Hardswish,
        Softplus::ZEROS,
        Softsign,
        LogSigmoid,
        Tanhshrink,
        Softshrink::ZEROS,
        Hardshrink::ZEROS,
        Threshold::ZEROS,
        Softmin::ZEROS,
        LogSoftmax::ZEROS
    );
}
