//! Learns handwriting from scratch, in a second or two, and writes what it learnt for `digits` and for
//! PyTorch. Stopped at any moment and started again, it goes on where it was.
//!
//! `cargo run --release --example train_digits --features plots`, with a folder behind `--` for what it
//! writes, which is `target/train_digits` otherwise.

mod bar;
mod plots;
#[path = "../digits/samples.rs"]
mod samples;
#[path = "../digits/score.rs"]
mod score;

use std::{env, error::Error, fs, ops::ControlFlow, path::PathBuf};

use bar::Bar;
use layerwise::{Adam, CosineAnnealingLR, CrossEntropyLoss, Fit, Trainer, network};
use samples::{Pixels, Sample};
use score::Confusion;

network! {
    /// From the 64 pixels of an image to a number for each digit, of which the loss takes the softmax.
    pub struct Digits = fc1: Linear(64, 64) -> ReLU -> fc2: Linear(64, 10);
}

const EPOCHS: u64 = 60;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1);
    let folder = folder.map_or_else(|| PathBuf::from("target/train_digits"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    let checkpoint = folder.join("checkpoint.safetensors");

    let (seen, unseen) = samples::read()?;
    let (xs, ys) = split(&seen);
    let mut trainer = Trainer::new(Digits::new(), Adam::new(3e-3), CrossEntropyLoss::new());
    println!("{:?}\n", trainer.model());
    if checkpoint.exists() {
        trainer.resume(&checkpoint)?;
        println!("going on after {} steps", trainer.steps());
    }

    let schedule = CosineAnnealingLR::new(EPOCHS);
    let fit = Fit::new().epochs(EPOCHS).batch_size(64).schedule(&schedule);
    let bar = Bar::new(EPOCHS);
    let mut losses = Vec::new();
    let mut fault = None;
    trainer.fit(&xs, &ys, &fit, |trainer, progress| {
        if !progress.is_end_of_epoch() {
            return ControlFlow::Continue(());
        }
        let right = score::right(&confusion(trainer.model(), &unseen));
        let accuracy = 100.0 * f64::from(right) / unseen.len() as f64;
        bar.show(&progress, accuracy);
        losses.push((progress.epoch + 1, progress.loss));
        match trainer.save(&checkpoint) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                fault = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    bar.finish();
    if let Some(fault) = fault {
        return Err(fault.into());
    }

    let net = trainer.model();
    let confusion = confusion(net, &unseen);
    println!(
        "\n{} of {} unseen digits right",
        score::right(&confusion),
        unseen.len()
    );
    net.save(folder.join("digits.safetensors"))?;
    plots::confusion(&folder.join("confusion.svg"), &confusion)?;
    if !losses.is_empty() {
        plots::losses(&folder.join("loss.svg"), &losses)?;
    }
    fs::remove_file(&checkpoint)?;
    println!("see {}", folder.display());
    Ok(())
}

fn split(samples: &[Sample]) -> (Vec<Pixels>, Vec<usize>) {
    let samples = samples.iter();
    samples.map(|sample| (sample.pixels, sample.label)).unzip()
}

fn confusion(net: &Digits, samples: &[Sample]) -> Confusion {
    score::confusion(samples, |sample| net.forward(&sample.pixels).imax())
}
