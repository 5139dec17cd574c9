//! Reads files that PyTorch wrote and writes them again, for `fixtures/round_trip.py`, which asks
//! PyTorch to read those.
//!
//! `cargo run -p layerwise-tests --example round_trip FOLDER`

use std::{env, error::Error, path::PathBuf};

use layerwise::network;
use layerwise_tests::fixture;

network! {
    /// `nn.Sequential`'s numbers.
    struct Odd = Linear(13, 33) -> ReLU -> Linear(_, 17) -> Tanh -> Linear(_, 16) -> Sigmoid
        -> Linear(_, 15) -> LeakyReLU(0.3) -> Linear(_, 7);

    /// Names, a nested network, a repeat, and a layer without a bias.
    #[network(scalar = f64)]
    struct Nested = encoder: (Linear(7, 6, bias = false) -> Tanh)
        -> blocks: [Linear(6, 6) -> LeakyReLU(0.2); 3]
        -> head: Linear(6, 1);
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("a folder is needed")?);
    let file = |name: &str| folder.join(format!("{name}.safetensors"));
    Odd::load(fixture("odd_f32"))?.save(file("odd_f32"))?;
    Odd::new().save(file("odd_f32_new"))?;
    Nested::load(fixture("nested_f64"))?.save(file("nested_f64"))?;
    Nested::new().save(file("nested_f64_new"))?;
    Ok(())
}
