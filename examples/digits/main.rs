//! Reads real handwriting with weights that PyTorch trained, which are part of the program: the
//! compiler has checked their names and shapes, and `cargo test` compares what the network computes
//! with what PyTorch computed.
//!
//! `cargo run --release --example digits`, or with the name of another weight file, as `train_digits`
//! writes one, behind `--`.

mod samples;
mod score;
mod time;

use std::{env, error::Error};

use layerwise::{SVector, network};
use samples::Sample;
use score::Confusion;

network! {
    #[network(
        weights = "digits/digits.safetensors",
        check = "digits/digits_check.safetensors",
        tolerance = 1e-6,
    )]
    /// From the 64 pixels of an image, 0 (white) to 1 (black), to the probability of each digit.
    pub struct Digits = fc1: Linear(64, 64) -> ReLU -> fc2: Linear(64, 10) -> Softmax(dim = 1);
}

type Probabilities = SVector<f32, { Digits::OUTPUTS }>;

fn main() -> Result<(), Box<dyn Error>> {
    let learnt;
    let net = match env::args().nth(1) {
        None => Digits::pretrained(),
        Some(path) => {
            learnt = Digits::load(path)?;
            &learnt
        }
    };
    println!("{net:?}\n");

    let (_, unseen) = samples::read()?;
    let shown: Vec<&Sample> = unseen.iter().skip(6).step_by(49).take(6).collect();
    draw(net, &shown);

    let confusion = score::confusion(&unseen, |sample| {
        let (digit, _) = best(&net.forward(&sample.pixels));
        digit
    });
    let right = score::right(&confusion);
    let total = unseen.len();
    let percent = 100.0 * f64::from(right) / total as f64;
    println!("layerwise: {right} of {total} right ({percent:.1} %)");
    println!("PyTorch:   {}", include_str!("pytorch.txt"));
    print_confusion(&confusion);
    println!(
        "{:.0} ns per image",
        time::each(&unseen, |sample| net.forward(&sample.pixels))
    );
    Ok(())
}

/// The likeliest digit and its probability.
fn best(probabilities: &Probabilities) -> (usize, f32) {
    probabilities.argmax()
}

/// The images side by side, and below each what the network reads.
fn draw(net: &Digits, samples: &[&Sample]) {
    const SHADES: [(f32, char); 5] = [(0.0, ' '), (0.1, '░'), (0.4, '▒'), (0.6, '▓'), (0.9, '█')];
    for row in 0..8 {
        for sample in samples {
            for column in 0..8 {
                let ink = sample.pixels[8 * row + column];
                let darkest = SHADES.partition_point(|(at_least, _)| *at_least <= ink);
                let (_, shade) = SHADES[darkest.saturating_sub(1)];
                print!("{shade}{shade}");
            }
            print!("  ");
        }
        println!();
    }
    for sample in samples {
        let (digit, probability) = best(&net.forward(&sample.pixels));
        let read = format!("{digit} ({:.1} %)", 100.0 * probability);
        print!("{read:^16}  ");
    }
    println!("\n");
}

fn print_confusion(confusion: &Confusion) {
    println!("written \\ read   0   1   2   3   4   5   6   7   8   9");
    for (label, row) in confusion.iter().enumerate() {
        print!("{label:14}");
        for count in row {
            print!("{count:4}");
        }
        println!();
    }
    println!();
}
