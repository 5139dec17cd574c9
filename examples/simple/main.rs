//! Six small PyTorch models, one line each, loaded from the files that PyTorch wrote and compared
//! with what PyTorch computes.
//!
//! `cargo run --release --example simple`

use std::{error::Error, path::Path};

use layerwise::{Network, SVector, Value, network};
use safetensors::SafeTensors;

network! {
    struct Relu = Linear(10, 5) -> ReLU -> Linear(5, 1);
    struct Relu6 = Linear(10, 5) -> ReLU6 -> Linear(5, 1);
    struct LeakyRelu = Linear(10, 5) -> LeakyReLU -> Linear(5, 1);
    struct Logistic = Linear(10, 5) -> Sigmoid -> Linear(5, 1);
    struct Hyperbolic = Linear(10, 5) -> Tanh -> Linear(5, 1);
    struct Classifier = Linear(10, 5) -> ReLU -> Linear(5, 3) -> Softmax(dim = 1);
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("simple");
    let file = |name: &str| folder.join(format!("{name}.safetensors"));
    let check = |name: &str| file(&format!("{name}_check"));
    compare("ReLU", &Relu::load(file("relu"))?, &check("relu"))?;
    compare("ReLU6", &Relu6::load(file("relu6"))?, &check("relu6"))?;
    let leaky = LeakyRelu::load(file("leaky_relu"))?;
    compare("LeakyReLU", &leaky, &check("leaky_relu"))?;
    let logistic = Logistic::load(file("sigmoid"))?;
    compare("Sigmoid", &logistic, &check("sigmoid"))?;
    let hyperbolic = Hyperbolic::load(file("tanh"))?;
    compare("Tanh", &hyperbolic, &check("tanh"))?;
    let classifier = Classifier::load(file("softmax"))?;
    compare("Softmax", &classifier, &check("softmax"))?;
    Ok(())
}

/// Prints the outputs for the inputs in a file, and PyTorch's from the same file.
fn compare<const OUT: usize, N>(name: &str, net: &N, path: &Path) -> Result<(), Box<dyn Error>>
where
    N: Network<Input = SVector<f32, 10>, Output = SVector<f32, OUT>>,
{
    let bytes = std::fs::read(path)?;
    let file = SafeTensors::deserialize(&bytes)?;
    let inputs = numbers(file.tensor("input")?.data());
    let outputs = numbers(file.tensor("output")?.data());
    let len = <N::Input as Value>::LEN;
    for (input, expected) in inputs.chunks(len).zip(outputs.chunks(OUT)) {
        let output = net.forward(&SVector::from_column_slice(input));
        println!("{name:<10} {:?}", output.as_slice());
        println!("{:<10} {expected:?}", "  PyTorch");
    }
    Ok(())
}

fn numbers(bytes: &[u8]) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks();
    numbers.iter().copied().map(f32::from_le_bytes).collect()
}
