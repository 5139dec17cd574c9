//! Networks over windows and images, beside PyTorch's: from the files that `fixtures/places.py` wrote.

mod paths;
mod values;

use std::{collections::BTreeMap, fs};

use layerwise::{
    Keys, Layer, Loss, MSELoss, Network, Parameters, Path, SGD, Scalar, Trainable, Trainer, Value,
    Visitor, VisitorMut, network, train::ends::Accepts,
};
use layerwise_tests::{fixture, numbers, on_each_level};

/// Values from a file, which has them as PyTorch does: channel by channel.
fn read<X: Value>(name: &str) -> Vec<X> {
    let (places, channels) = (X::SHAPE.places(), X::CHANNELS);
    let file = numbers("places_check", name);
    let values = file.chunks_exact(X::LEN).map(|planes| {
        let mut value = X::zeros();
        for (at, to) in value.as_mut_slice().iter_mut().enumerate() {
            let (place, channel) = (at / channels, at % channels);
            *to = X::Scalar::from_f64(planes[channel * places + place]);
        }
        value
    });
    values.collect()
}

/// Compares numbers by the largest of those that are expected.
fn compare<T: Scalar>(name: &str, found: &[T], expected: &[T]) {
    let tolerance = if T::NAME == "f32" { 2e-6 } else { 1e-13 };
    let largest = expected
        .iter()
        .fold(0.0_f64, |most, x| most.max(x.abs().to_f64()));
    assert_eq!(found.len(), expected.len(), "{name}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let off = (found.to_f64() - expected.to_f64()).abs();
        assert!(
            off <= tolerance * largest,
            "{name}: number {index} is {found:?} instead of {expected:?}, of {largest}"
        );
    }
}

/// The gradients of a network by their names.
struct Gradients(BTreeMap<String, Vec<f64>>);

impl Visitor<1> for Gradients {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, [tensor]: [&[T]; 1]) {
        if !path.is_buffer() {
            let numbers = tensor.iter().map(|x| x.to_f64()).collect();
            self.0.insert(path.to_string(), numbers);
        }
    }
}

fn gradients<P: Parameters>(network: &P) -> BTreeMap<String, Vec<f64>> {
    let mut gradients = Gradients(BTreeMap::new());
    P::walk([network], &Path::root::<P>(), &mut gradients);
    gradients.0
}

/// Outputs of one sample and of many, and gradients, on each instruction set.
fn agrees<N>(name: &str, network: &N, expected: &N)
where
    N: Network + Layer<<N as Network>::Input> + Clone,
    N: Trainable<<N as Network>::Input, Output = <N as Layer<<N as Network>::Input>>::Output>,
    <N as Layer<<N as Network>::Input>>::Output: Value,
    MSELoss: Loss<
            <N as Layer<<N as Network>::Input>>::Output,
            Target = <N as Layer<<N as Network>::Input>>::Output,
            Takes: Accepts<N::End>,
        >,
{
    let inputs = read::<N::Input>(&format!("{name}.input"));
    let outputs = read::<<N as Layer<N::Input>>::Output>(&format!("{name}.output"));
    let targets = read::<<N as Layer<N::Input>>::Output>(&format!("{name}.target"));
    let expected = gradients(expected);
    let largest = expected
        .values()
        .flatten()
        .fold(0.0_f64, |most, x| most.max(x.abs()));
    let scalar = <<N::Input as Value>::Scalar as Scalar>::NAME;
    let tolerance = if scalar == "f32" { 4e-6 } else { 1e-13 };
    on_each_level(|level| {
        let name = format!("{name}, {scalar}, {level:?}");
        for (x, y) in inputs.iter().zip(&outputs) {
            compare(&name, network.forward(x).as_slice(), y.as_slice());
        }
        let mut found = outputs.clone();
        found.fill(Value::zeros());
        layerwise::__private::batch::forward(network, &inputs, &mut found);
        for (found, y) in found.iter().zip(&outputs) {
            compare(&name, found.as_slice(), y.as_slice());
        }
        let mut trainer = Trainer::new(network.clone(), SGD::new(0.1), MSELoss::new());
        let (_, gradient) = trainer.gradient(&inputs, &targets);
        let found = gradients(gradient);
        for ((key, found), expected) in found.iter().zip(expected.values()) {
            for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
                assert!(
                    (found - expected).abs() <= tolerance * largest,
                    "{name}: gradient {index} of {key} is {found} instead of {expected}, of {largest}"
                );
            }
        }
    });
}

/// The part of a file behind a prefix; buffers that it lacks are zero.
fn gradient<N: Parameters>(name: &str, zeros: N) -> N {
    struct Read<'a>(&'a str);
    impl VisitorMut<1> for Read<'_> {
        fn tensor<T: Scalar>(&mut self, path: &Path<'_>, [tensor]: [&mut [T]; 1]) {
            let Some(shape) = path.tensor().filter(|_| !path.is_buffer()) else {
                return;
            };
            let numbers = numbers("places_gradients", &format!("{}.{path}", self.0));
            // Output by output, input by input and tap by tap in the file.
            let (outputs, rest) = (shape.shape()[0], shape.shape().get(1..).unwrap_or(&[]));
            let inputs = rest.first().copied().unwrap_or(1);
            let taps = shape.len() / outputs / inputs;
            for (at, to) in tensor.iter_mut().enumerate() {
                let (output, column) = (at % outputs, at / outputs);
                let (tap, input) = (column / inputs, column % inputs);
                *to = T::from_f64(numbers[(output * inputs + input) * taps + tap]);
            }
        }
    }
    let mut network = zeros;
    N::walk_mut([&mut network], &Path::root::<N>(), &mut Read(name));
    network
}

/// Declares one model for both scalars, compares it, and writes its file again.
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
            let net = Single::load_with(fixture("places"), keys).unwrap();
            agrees(name, &net, &gradient(name, Single::zeros()));
            let net = Double::load_with(fixture("places"), keys).unwrap();
            agrees(name, &net, &gradient(name, Double::zeros()));
            let file = fs::read(fixture("places")).unwrap();
            let file = safetensors::SafeTensors::deserialize(&file).unwrap();
            let net = Single::load_with(fixture("places"), keys).unwrap();
            let written = net.to_safetensors();
            let written = safetensors::SafeTensors::deserialize(&written).unwrap();
            assert!(!written.names().is_empty());
            for (key, tensor) in written.tensors() {
                assert_eq!(tensor, file.tensor(&format!("{prefix}{key}")).unwrap(), "{key}");
            }
        }
    };
}

/// In the place of a number, which the compiler knows then and the macro doesn't.
const TWO: usize = 2;

model!(lenet:
    Input(1, 12, 12) -> Conv2d(1, 6, 5, padding = 2) -> ReLU -> MaxPool2d(2)
        -> Conv2d(_, 16, 3) -> ReLU -> MaxPool2d(2) -> Flatten -> Linear(64, 10));
model!(strides:
    Input(3, 11, 14) -> Conv2d(3, 20, 3, stride = TWO, padding = TWO - 1) -> Tanh
        -> Conv2d(20, 5, (2, 3), (1, TWO), (1, 0), bias = false) -> Sigmoid
        -> Conv2d(5, 7, (3, 2), stride = (3, 1), padding = (2, 1)));
model!(same:
    Input(2, 7, 9) -> Conv2d(2, 40, 3, padding = "same") -> ELU
        -> Conv2d(40, 3, (2, 4), padding = "same", dilation = (TWO, 1))
        -> Conv2d(3, 33, 1, padding = "valid"));
model!(dilated:
    Input(4, 13, 12) -> Conv2d(4, 6, 3, dilation = 2) -> LeakyReLU(0.2)
        -> Conv2d(6, 8, 3, padding = (3, 2 * TWO), dilation = (3, TWO), stride = (1, 2)));
model!(groups:
    Input(8, 6, 7) -> Conv2d(8, 12, 3, padding = 1, groups = 2 * TWO) -> GELU
        -> Conv2d(12, 36, (1, 3), groups = 2, dilation = (1, 2)) -> SiLU
        -> Conv2d(36, 6, 1, groups = 3, bias = false));
model!(depthwise:
    Input(19, 9, 13) -> Conv2d(19, 19, 3, padding = 1, groups = 19) -> ReLU6
        -> Conv2d(19, 35, 1) -> ReLU
        -> Conv2d(35, 35, (3, 5), stride = 2, padding = (1, 2), groups = 35, bias = false)
        -> Softmax(dim = 1));
model!(multiplied:
    Input(3, 5, 5) -> Conv2d(3, 6, 3, padding = 1, groups = 3) -> Tanh -> Conv2d(6, 2, 3));
model!(one_pixel:
    Input(5, 1, 1) -> Conv2d(5, 17, 1) -> Tanh -> Conv2d(17, 4, 3, padding = 1) -> Flatten);
model!(pools:
    Input(3, 11, 13) -> MaxPool2d(3, 1, TWO - 1) -> Tanh -> MaxPool2d((2, 3), ceil_mode = true)
        -> Conv2d(3, 18, 2) -> AvgPool2d(2, stride = 1, padding = 1)
        -> MaxPool2d(2, stride = 1, dilation = TWO)
        -> AvgPool2d((1, 2), ceil_mode = true, padding = (0, 1), count_include_pad = false));
model!(shares:
    Input(4, 7, 10) -> Conv2d(4, 6, 1) -> AdaptiveAvgPool2d((3, 4)) -> Tanh
        -> AvgPool2d(2, divisor_override = TWO + 1) -> AdaptiveAvgPool2d(1) -> Flatten -> Linear(_, 2));
model!(normed:
    Input(3, 6, 5) -> Conv2d(3, 8, 3) -> BatchNorm2d(8) -> ReLU -> GroupNorm(2 * TWO, 8) -> PReLU(8)
        -> Residual(Conv2d(8, 8, 3, padding = 1) -> BatchNorm2d(_, affine = false) -> PReLU)
        -> GroupNorm(1, _, affine = false) -> GLU(dim = 1) -> LogSoftmax(dim = 1));
model!(branches:
    Input(2, 6, 6)
        -> Concat(Conv2d(2, 3, 1) -> Tanh, Conv2d(2, 4, 3, padding = 1), MaxPool2d(3, 1, 1))
        -> Multiply(Conv2d(9, 5, 1), Conv2d(9, 5, 1) -> Sigmoid)
        -> Softmin(dim = 1));
model!(windows:
    Input(10, 49) -> Conv1d(10, 16, 3, stride = 2, padding = 1) -> BatchNorm1d(16) -> GELU
        -> Residual(Conv1d(16, 16, 5, padding = "same", groups = 16) -> SiLU -> Conv1d(16, 16, 1))
        -> MaxPool1d(3, 2, padding = 1, ceil_mode = true)
        -> Conv1d(16, 6, 4, dilation = 2, groups = TWO, bias = false)
        -> AvgPool1d(2, padding = 1) -> GLU(dim = 1) -> AdaptiveAvgPool1d(2) -> Flatten -> Linear(6, 3));
model!(pooled:
    Input(1, 9, 37)
        -> Concat(
            Conv2d(1, 6, 5, padding = 2) -> ReLU -> MaxPool2d(2),
            Conv2d(1, 4, 3, padding = 1, bias = false) -> Tanh -> MaxPool2d(2),
            Conv2d(1, 5, (2, 4), padding = (0, 1)) -> MaxPool2d(2),
        )
        -> Conv2d(15, 20, 3, padding = 2, stride = (1, 2)) -> ReLU6 -> MaxPool2d(2)
        -> AdaptiveAvgPool2d(1) -> Flatten -> Linear(20, 2));
model!(waves:
    Input(1, 64) -> Conv1d(1, 4, 9, stride = 3) -> ReLU
        -> AvgPool1d(3, stride = 2, count_include_pad = false, padding = 1)
        -> Conv1d(4, 24, 10) -> Tanh -> Flatten -> Softmax(dim = 1));
