//! Learns which of seven exercises somebody does with a smartwatch on the arm, by convolutions over
//! windows of five seconds, and reads what people did from whom it didn't learn.
//!
//! `cargo run --release --example exercises`; with `--features plots` it also draws some windows, and
//! what it says of them, into the folder behind `--`, which is `target/exercises` otherwise.

#[cfg(feature = "plots")]
mod plots;
mod recordings;
#[path = "../digits/time.rs"]
mod time;

use std::{error::Error, ops::ControlFlow};

use layerwise::{AdamW, CosineAnnealingLR, CrossEntropyLoss, Fit, Trainer, network};
use recordings::{Recordings, Windows};

network! {
    /// From acceleration and rotation along three axes to a number for each exercise.
    pub struct Exercises = Input(6, 64)
        -> conv1: Conv1d(6, 16, 5) -> ReLU -> MaxPool1d(2)
        -> conv2: Conv1d(16, 32, 5) -> ReLU -> MaxPool1d(2)
        -> conv3: Conv1d(32, 32, 5) -> ReLU -> AdaptiveAvgPool1d(1)
        -> Flatten -> Dropout(p = 0.5) -> fc: Linear(_, 7);
}

const NAMES: [&str; 8] = [
    "pendulum",
    "abduction",
    "forward elevation",
    "internal rotation",
    "external rotation",
    "trapezius",
    "row",
    "all",
];

const EPOCHS: u64 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let Recordings {
        seen,
        later,
        others,
    } = recordings::read()?;
    let optimizer = AdamW::new(5e-3);
    let mut trainer = Trainer::new(Exercises::new(), optimizer, CrossEntropyLoss::new());
    println!("{:?}\n", trainer.model());

    let schedule = CosineAnnealingLR::new(EPOCHS);
    let fit = Fit::new().epochs(EPOCHS).schedule(&schedule);
    trainer.fit(&seen.xs, &seen.exercises, &fit, |_, progress| {
        if progress.is_end_of_epoch() {
            println!("epoch {:2}  loss {:.4}", progress.epoch + 1, progress.loss);
        }
        ControlFlow::Continue(())
    });

    let net = trainer.model();
    println!("\n                       later    other people");
    let (of_later, of_others) = (rights(net, &later), rights(net, &others));
    for ((name, later), others) in NAMES.iter().zip(&of_later).zip(&of_others) {
        println!("{name:17}  {later}  {others}");
    }
    println!(
        "\n{:.0} ns per window",
        time::each(&others.xs, |x| net.forward(x))
    );
    #[cfg(feature = "plots")]
    {
        let folder = std::env::args()
            .nth(1)
            .unwrap_or("target/exercises".to_owned());
        std::fs::create_dir_all(&folder)?;
        let path = std::path::Path::new(&folder).join("windows.svg");
        plots::draw(&path, net, &others)?;
        println!("see {}", path.display());
    }
    Ok(())
}

/// How many windows of each exercise are read as it, of how many; and of all in the last place.
fn rights(net: &Exercises, windows: &Windows) -> [String; 8] {
    let mut counts = [(0_u32, 0_u32); 8];
    for (x, &exercise) in windows.xs.iter().zip(&windows.exercises) {
        let is_right = u32::from(net.forward(x).imax() == exercise);
        for place in [exercise, 7] {
            counts[place].0 += is_right;
            counts[place].1 += 1;
        }
    }
    counts.map(|(right, all)| {
        format!(
            "{right:3} of {all:3}, {:5.1} %",
            100.0 * f64::from(right) / f64::from(all)
        )
    })
}
