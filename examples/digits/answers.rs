//! Writes what the network of `digits` answers here, for programs that run it elsewhere (`web`,
//! `cortex_m`) to be compared with: for each image that training hasn't seen its 64 pixels, the ten
//! probabilities, and the digit that was meant, all as little-endian `f32`.
//!
//! `cargo run --release --example digits_answers -- FILE`

mod samples;

use std::{env, error::Error, fs};

use layerwise::network;

network! {
    #[network(weights = "digits/digits.safetensors")]
    /// From the 64 pixels of an image to the probability of each digit.
    pub struct Digits = fc1: Linear(64, 64) -> ReLU -> fc2: Linear(64, 10) -> Softmax(dim = 1);
}

fn main() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).ok_or("the name of a file, please")?;
    let (_, unseen) = samples::read()?;
    let mut bytes = Vec::new();
    for sample in &unseen {
        let probabilities = Digits::pretrained().forward(&sample.pixels);
        let numbers = sample.pixels.iter().chain(&probabilities);
        bytes.extend(numbers.flat_map(|number| number.to_le_bytes()));
        bytes.extend((sample.label as f32).to_le_bytes());
    }
    fs::write(&file, bytes)?;
    println!("{} answers written to {file}", unseen.len());
    Ok(())
}
