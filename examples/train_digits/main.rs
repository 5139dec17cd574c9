//! Learns handwriting from scratch, in a second or two, and writes what it learnt for `digits` and for
//! PyTorch. Stopped at any moment and started again, it goes on where it was.
//!
//! `cargo run --release --example train_digits --features plots`, with a folder behind `--` for what it
//! writes, which is `target/train_digits` otherwise.

mod bar;
mod learning;
mod plots;
#[path = "../digits/samples.rs"]
mod samples;
#[path = "../digits/score.rs"]
mod score;

use std::{env, error::Error, path::PathBuf};

use bar::Bar;
use learning::{Digits, EPOCHS};
use samples::Sample;
use score::Confusion;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1);
    let folder = folder.map_or_else(|| PathBuf::from("target/train_digits"), PathBuf::from);
    let (seen, unseen) = samples::read()?;
    let mut trainer = learning::begin(&folder)?;
    println!("{:?}\n", trainer.model());
    if trainer.steps() > 0 {
        println!("going on after {} steps", trainer.steps());
    }

    let bar = Bar::new(EPOCHS);
    let mut losses = Vec::new();
    learning::learn(&mut trainer, &folder, &seen, |net, progress| {
        if progress.is_end_of_epoch() {
            let right = score::right(&confusion(net, &unseen));
            bar.show(progress, 100.0 * f64::from(right) / unseen.len() as f64);
            losses.push((progress.epoch + 1, progress.loss));
        }
    })?;
    bar.finish();

    let net = trainer.model();
    let confusion = confusion(net, &unseen);
    println!(
        "\n{} of {} unseen digits right",
        score::right(&confusion),
        unseen.len()
    );
    plots::confusion(&folder.join("confusion.svg"), &confusion)?;
    if !losses.is_empty() {
        plots::losses(&folder.join("loss.svg"), &losses)?;
    }
    learning::finish(net, &folder)?;
    println!("see {}", folder.display());
    Ok(())
}

fn confusion(net: &Digits, samples: &[Sample]) -> Confusion {
    score::confusion(samples, |sample| net.forward(&sample.pixels).imax())
}
