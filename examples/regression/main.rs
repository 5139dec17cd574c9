//! Fits a curve to noisy points, and draws both in the terminal as it learns.
//!
//! `cargo run --release --example regression`

use layerwise::{Adam, MSELoss, SVector, Trainer, network};

network! {
    pub struct Curve = Linear(1, 32) -> Tanh -> Linear(_, 32) -> Tanh -> Linear(_, 1);
}

type Number = SVector<f32, 1>;

const WIDTH: usize = 72;
const HEIGHT: usize = 15;

fn main() {
    let xs: Vec<Number> = (0..200)
        .map(|i| SVector::from([i as f32 / 100.0 - 1.0]))
        .collect();
    let ys: Vec<Number> = xs.iter().enumerate().map(|(i, x)| noisy(i, x[0])).collect();
    let mut trainer = Trainer::new(Curve::new(), Adam::new(5e-3), MSELoss::new());
    for step in 0..=2000 {
        let loss = trainer.step(&xs, &ys);
        if [0, 100, 2000].contains(&step) {
            println!("step {step}, loss {loss:.4}");
            draw(trainer.model(), &xs, &ys);
        }
    }
}

/// A wave with noise that is the same on each run.
fn noisy(index: usize, x: f32) -> Number {
    let noise = (index * 7919 % 1013) as f32 / 1013.0 - 0.5;
    SVector::from([(4.0 * x).sin() * (1.0 - 0.3 * x) + 0.4 * noise])
}

/// The points, and the curve through them.
fn draw(curve: &Curve, xs: &[Number], ys: &[Number]) {
    let mut canvas = [[' '; WIDTH]; HEIGHT];
    // The place whose middle is nearest to it.
    let nearest = |part: f32, places: usize| {
        (0..places).min_by(|&a, &b| {
            let apart = |place: usize| (place as f32 - part * (places - 1) as f32).abs();
            apart(a).total_cmp(&apart(b))
        })
    };
    let mut put = |x: f32, y: f32, mark| {
        let places = nearest(f32::midpoint(x, 1.0), WIDTH).zip(nearest(0.5 - y / 3.2, HEIGHT));
        if let Some((column, row)) = places {
            canvas[row][column] = mark;
        }
    };
    for (x, y) in xs.iter().zip(ys) {
        put(x[0], y[0], '·');
    }
    for x in xs {
        put(x[0], curve.forward(x)[0], '█');
    }
    for row in canvas {
        println!("{}", row.iter().collect::<String>().trim_end());
    }
    println!();
}
