//! The numbers against PyTorch's, from the files that `fixtures/make.py` wrote.

use layerwise::{
    Activation, Approximate, CELU, ELU, GELU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh,
    Identity, LeakyReLU, LogSigmoid, LogSoftmax, Mish, Network, Parameters, RReLU, ReLU, ReLU6,
    SELU, SVector, Scalar, SiLU, Sigmoid, Softmax, Softmin, Softplus, Softshrink, Softsign, Tanh,
    Tanhshrink, Threshold, network,
};
use layerwise_tests::{fixture, numbers, on_each_level};

/// Declares one model for both scalars and compares it with its fixtures.
macro_rules! model {
    ($test:ident, $($chain:tt)*) => {
        mod $test {
            use super::*;

            network! {
                struct Single = $($chain)*;
                #[network(scalar = f64)]
                struct Double = $($chain)*;
            }

            #[test]
            fn f32() {
                let file = concat!(stringify!($test), "_f32");
                let net = Single::load(fixture(file)).unwrap();
                on_each_level(|_| compare(&net, |x, y| net.forward_batch(x, y), file, 2e-6));
            }

            #[test]
            fn f64() {
                let file = concat!(stringify!($test), "_f64");
                let net = Double::load(fixture(file)).unwrap();
                on_each_level(|_| compare(&net, |x, y| net.forward_batch(x, y), file, 1e-14));
            }
        }
    };
}

model!(relu, Linear(10, 5) -> ReLU -> Linear(5, 1));
model!(relu6, Linear(10, 5) -> ReLU6 -> Linear(5, 1));
model!(leaky_relu, Linear(10, 5) -> LeakyReLU -> Linear(5, 1));
model!(sigmoid, Linear(10, 5) -> Sigmoid -> Linear(5, 1));
model!(tanh, Linear(10, 5) -> Tanh -> Linear(5, 1));
model!(softmax, Linear(10, 5) -> ReLU -> Linear(5, 3) -> Softmax(dim = 1));
model!(
    odd,
    Linear(13, 33) -> ReLU -> Linear(33, 17) -> Tanh -> Linear(17, 16) -> Sigmoid
        -> Linear(16, 15) -> LeakyReLU(0.3) -> Linear(15, 7)
);
model!(
    nested,
    encoder: (Linear(7, 6, bias = false) -> Tanh)
        -> blocks: [Linear(6, 6) -> LeakyReLU(negative_slope = 0.2); 3]
        -> head: Linear(_, 1)
);

model!(
    branches,
    inp: Linear(8, 12) -> ELU
        -> blocks: [Residual(fc1: Linear(12, 20) -> GELU -> fc2: Linear(20, 12)); 3]
        -> parts: Concat(a: Linear(12, 7), b: (Linear(12, 5) -> SiLU))
        -> gated: Multiply(value: Linear(12, 4), gate: (Linear(12, 4) -> Sigmoid))
);
model!(
    norms,
    Linear(7, 19) -> LayerNorm(19) -> Dropout(0.1) -> GELU
        -> Linear(_, 8) -> RMSNorm(_) -> SiLU
        -> Linear(_, 24) -> LayerNorm(24, eps = 1e-3, bias = false) -> Tanh
        -> Linear(_, 5) -> LayerNorm(_, elementwise_affine = false)
        -> Linear(_, 6) -> RMSNorm(_, eps = 1e-2, elementwise_affine = false)
);
model!(
    rtneural,
    Linear(1, 8) -> Tanh -> Linear(8, 8) -> ReLU -> Linear(8, 8) -> ELU -> Linear(8, 8) -> Softmax
        -> Linear(8, 1) -> Tanh -> Linear(1, 8) -> ReLU -> Linear(8, 8) -> ELU -> Linear(8, 1)
);

model!(
    prelu,
    Linear(6, 5) -> PReLU(_) -> Linear(_, 4) -> PReLU -> Linear(_, 3) -> PReLU(1, init = 0.7)
);
model!(glu, Linear(5, 8) -> GLU -> Linear(4, 6) -> GLU(dim = 1));
model!(
    batch_norm,
    BatchNorm1d(4, momentum = 0.3)
        -> Linear(_, 7) -> BatchNorm1d(_) -> Tanh
        -> Linear(_, 3, bias = false) -> BatchNorm1d(3, eps = 0.1, affine = false)
);
model!(
    gates,
    BatchNorm1d(9)
        -> Linear(_, 34) -> BatchNorm1d(34, track_running_stats = true) -> PReLU(num_parameters = _)
        -> Linear(_, 26) -> GLU(-1) -> PReLU(num_parameters = 1)
        -> BatchNorm1d(_, affine = false)
        -> Linear(_, 21) -> BatchNorm1d(_, eps = 1e-3, affine = true) -> ELU
        -> Linear(_, 5)
);

model!(
    normed,
    body: (Linear(6, 8, bias = false) -> BatchNorm1d(8))
        -> blocks: [Residual(Linear(8, 8) -> BatchNorm1d(8, eps = 1e-3) -> ReLU); 3]
        -> head: Linear(8, 2) -> norm: BatchNorm1d(2) -> Sigmoid
);

/// Compares `forward` and `forward_batch` with the outputs in a file. The error is relative to the
/// largest output in the file: an output near zero is a difference of terms of that size, each of
/// which was rounded, so its own size says nothing of what was computed well. (PyTorch's own `f32`
/// outputs differ from its `f64` ones by more than 2e-6 of themselves, for the same reason.)
fn compare<T: Scalar, const IN: usize, const OUT: usize, N>(
    net: &N,
    forward_batch: impl Fn(&[SVector<T, IN>], &mut [SVector<T, OUT>]),
    file: &str,
    tolerance: f64,
) where
    N: Network<Input = SVector<T, IN>, Output = SVector<T, OUT>>,
{
    let file = format!("{file}_check");
    let inputs: Vec<SVector<T, IN>> = numbers(&file, "input")
        .chunks(IN)
        .map(|row| SVector::from_fn(|i, _| T::from_f64(row[i])))
        .collect();
    let expected = numbers(&file, "output");
    assert_eq!(expected.len(), 257 * OUT);
    let scale = expected.iter().fold(0.0_f64, |max, y| max.max(y.abs()));

    let mut outputs = vec![SVector::from_element(T::ZERO); inputs.len()];
    forward_batch(&inputs, &mut outputs);
    for (sample, (input, batch)) in inputs.iter().zip(&outputs).enumerate() {
        let single = net.forward(input);
        for index in 0..OUT {
            let expected = expected[sample * OUT + index];
            for output in [single[index].to_f64(), batch[index].to_f64()] {
                let error = (output - expected).abs() / scale;
                assert!(
                    error <= tolerance,
                    "{file}: sample {sample}, output {index}: {output} instead of {expected}"
                );
            }
        }
    }
}

/// Applies an activation to the values where it is special and to a range around zero.
fn special<T: Scalar>(file: &str, name: &str, activation: &impl Activation, epsilon: f64) {
    let inputs = numbers(file, "input");
    let mut outputs: Vec<T> = inputs.iter().map(|&x| T::from_f64(x)).collect();
    activation.apply(&mut outputs);
    for ((x, y), expected) in inputs.iter().zip(outputs).zip(numbers(file, name)) {
        same(&format!("{file} {name}({x:?})"), y, expected, epsilon);
    }
}

/// NaN is NaN, zeros and infinities have the right sign, and everything else is within `epsilon`
/// (relative) or the smallest normal number of what PyTorch gives.
fn same<T: Scalar>(what: &str, y: T, expected: f64, epsilon: f64) {
    let (y, rounded) = (y.to_f64(), T::from_f64(expected).to_f64());
    // One that rounds to zero has the sign that it may.
    let expected = if rounded == 0.0 { expected } else { rounded };
    let tiny = if T::NAME == "f32" {
        f64::from(f32::MIN_POSITIVE)
    } else {
        f64::MIN_POSITIVE
    };
    let close = (y - expected).abs() <= (epsilon * expected.abs()).max(tiny);
    let same = if expected.is_nan() {
        y.is_nan()
    } else if expected == 0.0 && y == 0.0 || expected.is_infinite() {
        y.to_bits() == expected.to_bits()
    } else {
        close
    };
    assert!(same, "{what} is {y:?} instead of {expected:?}");
}

#[test]
fn activations_have_pytorchs_special_values() {
    let leaky = LeakyReLU::ZEROS;
    let steep = LeakyReLU {
        negative_slope: 0.2,
    };
    for (file, epsilon) in [("activations_f32", 4e-7), ("activations_f64", 1e-15)] {
        macro_rules! check {
            ($name:literal, $activation:expr) => {
                if file.ends_with("f32") {
                    special::<f32>(file, $name, $activation, epsilon);
                } else {
                    special::<f64>(file, $name, $activation, epsilon);
                }
            };
        }
        check!("ReLU", &ReLU);
        check!("ReLU6", &ReLU6);
        check!("LeakyReLU", &leaky);
        check!("LeakyReLU_0.2", &steep);
        check!("Sigmoid", &Sigmoid);
        check!("Tanh", &Tanh);
        check!("Identity", &Identity);
        check!("ELU", &ELU::ZEROS);
        check!("ELU_0.3", &ELU { alpha: 0.3 });
        check!("SELU", &SELU);
        check!("CELU", &CELU::ZEROS);
        check!("CELU_2", &CELU { alpha: 2.0 });
        check!("GELU", &GELU::ZEROS);
        let approximate = Approximate::Tanh;
        check!("GELU_tanh", &GELU { approximate });
        check!("SiLU", &SiLU);
        check!("Mish", &Mish);
        check!("Hardtanh", &Hardtanh::ZEROS);
        let (min_val, max_val) = (-2.0, 0.5);
        check!("Hardtanh_-2_0.5", &Hardtanh { min_val, max_val });
        check!("Hardsigmoid", &Hardsigmoid);
        check!("Hardswish", &Hardswish);
        check!("Softplus", &Softplus::ZEROS);
        let (beta, threshold) = (2.0, 10.0);
        check!("Softplus_2_10", &Softplus { beta, threshold });
        check!("Softsign", &Softsign);
        check!("LogSigmoid", &LogSigmoid);
        check!("Tanhshrink", &Tanhshrink);
        check!("Softshrink", &Softshrink::ZEROS);
        check!("Softshrink_0.2", &Softshrink { lambd: 0.2 });
        check!("Hardshrink", &Hardshrink::ZEROS);
        check!("Hardshrink_0.2", &Hardshrink { lambd: 0.2 });
        let (threshold, value) = (0.1, 20.0);
        check!("Threshold_0.1_20", &Threshold { threshold, value });
        check!("RReLU", &RReLU::ZEROS);
        let (lower, upper) = (0.1, 0.2);
        check!("RReLU_0.1_0.2", &RReLU { lower, upper });
    }
}

fn softmax_rows<T: Scalar>(file: &str, name: &str, activation: &impl Activation, epsilon: f64) {
    let expected = numbers(file, name);
    for (row, expected) in numbers(file, "softmax_input")
        .chunks(3)
        .zip(expected.chunks(3))
    {
        let mut outputs: Vec<T> = row.iter().map(|&x| T::from_f64(x)).collect();
        activation.apply(&mut outputs);
        for (y, &expected) in outputs.into_iter().zip(expected) {
            same(&format!("{file} {name}({row:?})"), y, expected, epsilon);
        }
    }
}

#[test]
fn softmax_has_pytorchs_special_values_and_never_overflows() {
    macro_rules! check {
        ($name:literal, $activation:expr) => {
            softmax_rows::<f32>("activations_f32", $name, $activation, 4e-7);
            softmax_rows::<f64>("activations_f64", $name, $activation, 1e-15);
        };
    }
    check!("softmax_output", &Softmax::ZEROS);
    check!("softmin_output", &Softmin::ZEROS);
    check!("log_softmax_output", &LogSoftmax::ZEROS);
}
