//! Reads files that PyTorch wrote and writes them again, for `fixtures/round_trip.py`, which asks
//! PyTorch to read those, and to give the same outputs.
//!
//! `cargo run -p layerwise-tests --example round_trip FOLDER`

use std::{env, error::Error, path::PathBuf};

use layerwise::{Network, SVector, Scalar, network};
use layerwise_tests::{fixture, numbers};
use safetensors::{Dtype, serialize, tensor::TensorView};

network! {
    /// `nn.Sequential`'s numbers.
    struct Odd = Linear(13, 33) -> ReLU -> Linear(_, 17) -> Tanh -> Linear(_, 16) -> Sigmoid
        -> Linear(_, 15) -> LeakyReLU(0.3) -> Linear(_, 7);

    /// Names, a nested network, a repeat, and a layer without a bias.
    #[network(scalar = f64)]
    struct Nested = encoder: (Linear(7, 6, bias = false) -> Tanh)
        -> blocks: [Linear(6, 6) -> LeakyReLU(0.2); 3]
        -> head: Linear(6, 1);

    /// A `nn.ModuleList` of residual blocks, branches and a gate.
    struct Branches = inp: Linear(8, 12) -> ELU
        -> blocks: [Residual(fc1: Linear(12, 20) -> GELU -> fc2: Linear(20, 12)); 3]
        -> parts: Concat(a: Linear(12, 7), b: (Linear(12, 5) -> SiLU))
        -> gated: Multiply(value: Linear(12, 4), gate: (Linear(12, 4) -> Sigmoid));

    /// Weights, running statistics, and how many batches they are of.
    struct BatchNorm = BatchNorm1d(4, momentum = 0.3)
        -> Linear(_, 7) -> BatchNorm1d(_) -> Tanh
        -> Linear(_, 3, bias = false) -> BatchNorm1d(3, eps = 0.1, affine = false);

    /// The same in the other scalar, with the layers that gate.
    #[network(scalar = f64)]
    struct Gates = BatchNorm1d(9) -> Linear(_, 34) -> BatchNorm1d(_) -> PReLU(_)
        -> Linear(_, 26) -> GLU -> PReLU -> BatchNorm1d(_, affine = false)
        -> Linear(_, 21) -> BatchNorm1d(_, eps = 1e-3) -> ELU -> Linear(_, 5);
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("a folder is needed")?);
    let file = |name: &str| folder.join(format!("{name}.safetensors"));
    macro_rules! write {
        ($($Net:ident: $name:literal;)*) => {$(
            let write = |net: &$Net, to: &str| -> Result<(), Box<dyn Error>> {
                net.save(file(to))?;
                std::fs::write(file(&format!("{to}_outputs")), outputs(net, $name)?)?;
                Ok(())
            };
            write(&$Net::load(fixture($name))?, $name)?;
            write(&$Net::new(), concat!($name, "_new"))?;
        )*};
    }
    write! {
        Odd: "odd_f32";
        Nested: "nested_f64";
        Branches: "branches_f32";
        BatchNorm: "batch_norm_f32";
        Gates: "gates_f64";
    }
    Ok(())
}

/// A file of the network's outputs for the inputs of a fixture, as `f64`.
fn outputs<T: Scalar, const IN: usize, const OUT: usize, N>(
    net: &N,
    name: &str,
) -> Result<Vec<u8>, safetensors::SafeTensorError>
where
    N: Network<Input = SVector<T, IN>, Output = SVector<T, OUT>>,
{
    let inputs = numbers(&format!("{name}_check"), "input");
    let outputs = inputs.chunks(IN).map(|row| {
        let x = SVector::from_fn(|i, _| T::from_f64(row[i]));
        net.forward(&x).map(|y| y.to_f64().to_le_bytes())
    });
    let bytes: Vec<u8> = outputs.flat_map(|row| row.as_slice().concat()).collect();
    let output = TensorView::new(Dtype::F64, vec![inputs.len() / IN, OUT], &bytes)?;
    serialize([("output", output)], None)
}
