//! A sensor that learns what is normal where it is: the network of `on_device`.

use cortex_m_semihosting::hprintln;
use layerwise::{Adam, MSELoss, SVector, Trainer, network};

use crate::measure::{self, Counter};

network! {
    /// Squeezes a window of eight readings into two numbers, and makes the window of them again.
    pub struct Monitor = Linear(8, 6) -> Tanh -> Linear(_, 2) -> Tanh -> Linear(_, 6) -> Tanh -> Linear(_, 8);
}

type Window = SVector<f32, { Monitor::INPUTS }>;

const STEPS: u32 = 500;

/// Prints what some steps bring and cost, and returns whether they made the network better.
pub(crate) fn demonstrate(counter: &mut Counter) -> bool {
    let mut trainer = Trainer::new(Monitor::new(), Adam::new(3e-3), MSELoss::new());
    let windows = |step: u32| [0, 1, 2, 3].map(|i| reading(4 * step + i));
    let (stack, first) = measure::stack(|| trainer.step(&windows(0), &windows(0)));
    let mut last = first;
    let instructions = counter.count(|| {
        for step in 1..=STEPS {
            let windows = windows(step);
            last = trainer.step(&windows, &windows);
        }
    });
    hprintln!(
        "learning what is normal, four windows a step: the loss went from {first:.4} to {last:.4}"
    );
    hprintln!("{} instructions a step", instructions / STEPS);
    hprintln!(
        "{} bytes for the network, its gradient and Adam's state",
        size_of_val(&trainer)
    );
    hprintln!("{stack} bytes of stack for a step");
    last < first / 4.0
}

/// A wave of corners, whose phase and height are different each time.
fn reading(index: u32) -> Window {
    let height = 0.5 + 0.3 * wave(index * 5);
    Window::from_fn(|i, _| height * wave(index * 29 + 25 * i as u32))
}

/// From −1 to 1 and back in 256 steps.
fn wave(at: u32) -> f32 {
    let at = (at % 256) as f32 / 64.0;
    if at < 2.0 { at - 1.0 } else { 3.0 - at }
}
