//! The derivative of each activation where it is special, against PyTorch's autograd.

use layerwise::{AnyOutput, Backward, Layer, Loss, Parameters, SGD, SVector, Trainer, network};
use layerwise_tests::{numbers, on_each_level};

use crate::rows;

const FILE: &str = "derivatives";
const POINTS: usize = 34;

type Points = SVector<f64, POINTS>;

/// What enters, so that its gradient is seen.
#[derive(Clone, Parameters)]
struct Given {
    gradient: Points,
}

impl Layer<Points> for Given {
    type Output = Points;
    fn forward(&self, x: &Points) -> Points {
        *x
    }
}

impl Backward<Points> for Given {
    fn backward(&self, gradient: &mut Self, _: &Points, _: &Points, dy: &Points) -> Points {
        gradient.gradient += dy;
        *dy
    }
}

/// The sum of the outputs, each times a factor.
struct Weighted;

impl Loss<Points> for Weighted {
    type Target = Points;
    type Takes = AnyOutput;
    fn loss(&self, y: &Points, factors: &Points, gradient: &mut Points) -> f64 {
        *gradient = *factors;
        y.dot(factors)
    }
}

macro_rules! derivatives {
    ($($name:literal: [$($activation:tt)*])*) => {$({
        network! {
            #[network(scalar = f64)]
            struct Net = Input(POINTS) -> given: Given -> $($activation)*;
        }
        let points = rows::<f64, POINTS>(&numbers(FILE, "points"));
        let factors = rows::<f64, POINTS>(&numbers(FILE, "factors"));
        // Of much larger numbers a softmax is a one and zeros.
        let is_softmax = stringify!($($activation)*).contains("oftm");
        let points = if is_softmax { points[0].map(|x| x.clamp(-6.0, 6.0)) } else { points[0] };
        // PyTorch's sixth is one of single precision.
        let tolerance = if $name == "hardsigmoid" { 1e-7 } else { 1e-12 };
        on_each_level(|level| {
            let mut trainer = Trainer::new(Net::zeros(), SGD::new(0.1), Weighted);
            let (_, gradient) = trainer.gradient(&[points], &factors);
            for (index, expected) in numbers(FILE, $name).into_iter().enumerate() {
                let got = gradient.given.gradient[index];
                assert!(
                    (got - expected).abs() <= tolerance * expected.abs().max(1.0),
                    "{level:?}: the derivative of {} at {:?} is {got} instead of {expected}, times {}",
                    $name, points[index], factors[0][index]
                );
            }
        });
    })*};
}

#[test]
fn derivatives_are_pytorchs_where_functions_bend() {
    derivatives! {
        "relu": [ReLU]
        "relu6": [ReLU6]
        "leaky_relu": [LeakyReLU]
        "leaky_relu_-0.5": [LeakyReLU(-0.5)]
        "sigmoid": [Sigmoid]
        "tanh": [Tanh]
        "identity": [Identity]
        "elu": [ELU]
        "elu_0.3": [ELU(0.3)]
        "selu": [SELU]
        "celu": [CELU]
        "celu_2": [CELU(2.0)]
        "gelu": [GELU]
        "gelu_tanh": [GELU(approximate = "tanh")]
        "silu": [SiLU]
        "mish": [Mish]
        "hardtanh": [Hardtanh]
        "hardtanh_-2_0.5": [Hardtanh(-2.0, 0.5)]
        "hardsigmoid": [Hardsigmoid]
        "hardswish": [Hardswish]
        "softplus": [Softplus]
        "softplus_2_10": [Softplus(2.0, 10.0)]
        "softsign": [Softsign]
        "log_sigmoid": [LogSigmoid]
        "tanhshrink": [Tanhshrink]
        "softshrink": [Softshrink]
        "softshrink_0.2": [Softshrink(0.2)]
        "hardshrink": [Hardshrink]
        "hardshrink_0.2": [Hardshrink(0.2)]
        "threshold_0.1_20": [Threshold(0.1, 20.0)]
        "softmax": [Softmax]
        "softmin": [Softmin]
        "log_softmax": [LogSoftmax]
    }
}
