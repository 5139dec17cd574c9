//! Plays a guitar through a distortion that PyTorch learnt, a network of which each number of a WAV file
//! is a step, and shows that the numbers are PyTorch's.
//!
//! `cargo run --release --example amp` plays `riff.wav`; behind `--` there may be a file of your own, and
//! then where to write what comes out of it, which is `target/amp/amp.wav` otherwise. With
//! `--features plots` it also draws what went in and what came out.

#[cfg(feature = "plots")]
mod plots;
mod sound;

use std::{env, error::Error, fs, path::PathBuf, time::Instant};

use layerwise::{SVector, network};
use safetensors::SafeTensors;
use sound::Sound;

network! {
    #[network(weights = "amp/amp.safetensors", check = "amp/amp_check.safetensors")]
    /// From what the strings give, step by step, to what the loudspeaker gets.
    pub struct Amp = Stream(1) -> gru: GRU(1, 8) -> fc: Linear(8, 1);
}

/// The steps in a second that `train.py` had.
const RATE: u32 = 48_000;
/// How many steps a host hands over at a time.
const BLOCK: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = env::args().skip(1);
    let sound = match paths.next() {
        Some(path) => Sound::read(fs::File::open(path)?)?,
        None => Sound::read(&include_bytes!("riff.wav")[..])?,
    };
    if sound.rate != RATE {
        println!(
            "{} Hz, where {RATE} were learnt: it will sound darker or brighter",
            sound.rate
        );
    }
    let output = paths.next();
    let output = output.map_or_else(|| PathBuf::from("target/amp/amp.wav"), PathBuf::from);
    if let Some(folder) = output.parent() {
        fs::create_dir_all(folder)?;
    }

    let amp = Amp::pretrained();
    println!("{amp:?}\n");
    let (mut channels, mut rounds) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        let start = Instant::now();
        channels = sound.channels.iter().map(|x| played(amp, x)).collect();
        rounds.push(start.elapsed().as_secs_f64());
    }
    rounds.sort_by(f64::total_cmp);
    let seconds = rounds[rounds.len() / 2];
    let steps: usize = channels.iter().map(Vec::len).sum();
    println!(
        "{steps} steps in {:.1} ms: {:.0} ns each, {:.0} times faster than real time at 48 kHz",
        1e3 * seconds,
        1e9 * seconds / steps as f64,
        steps as f64 / f64::from(RATE) / seconds
    );
    sound.write(&output, &channels)?;

    let check = SafeTensors::deserialize(include_bytes!("amp_check.safetensors"))?;
    let (input, pytorch) = (numbers(&check, "input")?, numbers(&check, "output")?);
    let found = played(amp, &input);
    let off = found.iter().zip(&pytorch).map(|(x, y)| (x - y).abs());
    println!(
        "largest difference to PyTorch in {} steps: {:.1e}",
        pytorch.len(),
        off.fold(0.0, f32::max)
    );
    #[cfg(feature = "plots")]
    {
        let picture = output.with_extension("svg");
        plots::stretch(&picture, [&input, &found, &pytorch])?;
        println!("see {}", picture.display());
    }
    println!("listen to {}", output.display());
    Ok(())
}

/// What the amplifier makes of a sound, block by block as in a plugin: nothing is allocated there.
fn played(amp: &Amp, sound: &[f32]) -> Vec<f32> {
    let mut state = AmpState::new();
    let mut played = Vec::with_capacity(sound.len());
    let mut outputs = [SVector::<f32, 1>::zeros(); BLOCK];
    for block in sound.chunks(BLOCK) {
        let mut inputs = [SVector::<f32, 1>::zeros(); BLOCK];
        for (input, &x) in inputs.iter_mut().zip(block) {
            input[0] = x;
        }
        let (inputs, outputs) = (&inputs[..block.len()], &mut outputs[..block.len()]);
        amp.steps(&mut state, inputs, outputs);
        played.extend(outputs.iter().map(|y| y[0]));
    }
    played
}

/// The numbers of a tensor.
fn numbers(file: &SafeTensors<'_>, name: &str) -> Result<Vec<f32>, Box<dyn Error>> {
    let (numbers, _) = file.tensor(name)?.data().as_chunks();
    Ok(numbers.iter().map(|&x| f32::from_le_bytes(x)).collect())
}
