//! Gradients of whole networks, against PyTorch's autograd.

use layerwise::{Keys, Layer, MSELoss, Network, SGD, SVector, Scalar, Trainable, Trainer, network};
use layerwise_tests::{fixture, numbers, on_each_level};

use crate::{parameters, rows};

const SAMPLES: usize = 40;

/// Compares the gradient of a network, by the largest number in it.
fn agrees<T: Scalar, N, const IN: usize, const OUT: usize>(name: &str, network: &N, expected: &N)
where
    N: Network<Input = SVector<T, IN>>
        + Layer<SVector<T, IN>, Output = SVector<T, OUT>>
        + Trainable<SVector<T, IN>, Output = SVector<T, OUT>>,
{
    let tolerance = if T::NAME == "f32" { 2e-6 } else { 1e-14 };
    let file = format!("{name}_{}_check", T::NAME);
    let inputs = rows::<T, IN>(&numbers(&file, "input"));
    let outputs = rows::<T, OUT>(&numbers(&file, "output"));
    let targets: Vec<_> = outputs.iter().map(|y| y.map(|y| T::ONE - y)).collect();
    let expected = parameters(expected);
    let scale = expected.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    on_each_level(|level| {
        let mut trainer = Trainer::new(network.clone(), SGD::new(0.1), MSELoss::new());
        let (_, gradient) = trainer.gradient(&inputs[..SAMPLES], &targets[1..=SAMPLES]);
        for (index, (got, expected)) in parameters(gradient).iter().zip(&expected).enumerate() {
            assert!(
                (got - expected).abs() <= tolerance * scale,
                "{level:?}: {file}: gradient {index} is {got} instead of {expected}, of {scale}"
            );
        }
    });
}

/// Declares one model for both scalars and compares its gradients with those of the fixtures.
macro_rules! model {
    ($name:ident: $($chain:tt)*) => {
        #[test]
        fn $name() {
            network! {
                struct Single = $($chain)*;
                #[network(scalar = f64)]
                struct Double = $($chain)*;
            }
            let name = stringify!($name);
            let prefix = format!("{name}.");
            let keys = Keys::new().prefix(&prefix);
            let net = Single::load(fixture(&format!("{name}_f32"))).unwrap();
            agrees(name, &net, &Single::load_with(fixture("gradients_f32"), keys).unwrap());
            let net = Double::load(fixture(&format!("{name}_f64"))).unwrap();
            agrees(name, &net, &Double::load_with(fixture("gradients_f64"), keys).unwrap());
        }
    };
}

model!(tanh: Linear(10, 5) -> Tanh -> Linear(5, 1));
model!(softmax: Linear(10, 5) -> ReLU -> Linear(5, 3) -> Softmax(dim = 1));
model!(odd:
    Linear(13, 33) -> ReLU -> Linear(33, 17) -> Tanh -> Linear(17, 16) -> Sigmoid
        -> Linear(16, 15) -> LeakyReLU(0.3) -> Linear(15, 7));
model!(nested:
    encoder: (Linear(7, 6, bias = false) -> Tanh)
        -> blocks: [Linear(6, 6) -> LeakyReLU(negative_slope = 0.2); 3]
        -> head: Linear(_, 1));
model!(branches:
    inp: Linear(8, 12) -> ELU
        -> blocks: [Residual(fc1: Linear(12, 20) -> GELU -> fc2: Linear(20, 12)); 3]
        -> parts: Concat(a: Linear(12, 7), b: (Linear(12, 5) -> SiLU))
        -> gated: Multiply(value: Linear(12, 4), gate: (Linear(12, 4) -> Sigmoid)));
model!(rtneural:
    Linear(1, 8) -> Tanh -> Linear(8, 8) -> ReLU -> Linear(8, 8) -> ELU -> Linear(8, 8) -> Softmax
        -> Linear(8, 1) -> Tanh -> Linear(1, 8) -> ReLU -> Linear(8, 8) -> ELU -> Linear(8, 1));
// In place of its `Dropout`, which PyTorch has in `eval()`, it has what that is there.
model!(norms:
    Linear(7, 19) -> LayerNorm(19) -> Identity -> GELU
        -> Linear(_, 8) -> RMSNorm(_) -> SiLU
        -> Linear(_, 24) -> LayerNorm(24, eps = 1e-3, bias = false) -> Tanh
        -> Linear(_, 5) -> LayerNorm(_, elementwise_affine = false)
        -> Linear(_, 6) -> RMSNorm(_, eps = 1e-2, elementwise_affine = false));
