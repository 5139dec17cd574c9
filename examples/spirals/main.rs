//! Learns to tell two spirals apart, and draws the boundary as it forms: in the terminal, and as a
//! picture.
//!
//! `cargo run --release --example spirals`, with a path behind `--` for the picture, which is
//! `target/spirals.svg` otherwise. The README's is made by
//! `cargo run --release --example spirals examples/spirals/spirals.svg`.

mod picture;

use std::{env, error::Error, f32::consts::PI, fs, path::PathBuf};

use layerwise::{Adam, BCEWithLogitsLoss, SVector, Trainer, network};
use picture::Picture;

network! {
    /// From a point to a number: above zero for the one spiral, and below for the other.
    pub struct Spirals = Linear(2, 32) -> Tanh -> Linear(_, 32) -> Tanh -> Linear(_, 1);
}

/// Both coordinates are from −1 to 1.
type Point = SVector<f32, 2>;
/// 1 for the one spiral, 0 for the other.
type Side = SVector<f32, 1>;

/// After how many steps it is drawn.
const DRAWN: [u64; 4] = [0, 100, 200, 1000];
/// How many points a spiral has, and how many turns.
const POINTS: usize = 100;
const TURNS: f32 = 1.75;

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1);
    let path = path.map_or_else(|| PathBuf::from("target/spirals.svg"), PathBuf::from);
    let (points, sides): (Vec<Point>, Vec<Side>) = (0..2 * POINTS).map(point).unzip();
    let mut trainer = Trainer::new(Spirals::new(), Adam::new(1e-2), BCEWithLogitsLoss::new());
    let mut picture = Picture::new();
    for steps in DRAWN {
        while trainer.steps() < steps {
            trainer.step(&points, &sides);
        }
        let net = trainer.model();
        let right = right(net, &points, &sides);
        let loss = trainer.evaluate(&points, &sides);
        println!(
            "after {steps} steps: loss {loss:.4}, {right} of {} points right",
            points.len()
        );
        println!("{}", picture::text(net, &points, &sides));
        picture.add(&format!("after {steps} steps"), net, &points, &sides)?;
    }
    fs::write(&path, picture.finish())?;
    println!("see {}", path.display());
    Ok(())
}

/// A point of either spiral in turn.
fn point(index: usize) -> (Point, Side) {
    let (side, along) = (index % 2, (index / 2) as f32 / (POINTS - 1) as f32);
    let radius = 0.08 + 0.84 * along;
    let angle = 2.0 * PI * TURNS * along + PI * side as f32;
    let point = SVector::from([radius * angle.cos(), radius * angle.sin()]);
    (point, SVector::from([side as f32]))
}

/// How many points the network finds to be on their side.
fn right(net: &Spirals, points: &[Point], sides: &[Side]) -> usize {
    let is_right =
        |(point, side): &(&Point, &Side)| (net.forward(point)[0] > 0.0) == (side[0] > 0.5);
    points.iter().zip(sides).filter(is_right).count()
}
