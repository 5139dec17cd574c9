//! Balances a pole on a cart with a policy that PyTorch trained: the actor of an actor-critic
//! checkpoint, which is part of the program. Now and then somebody knocks against the pole.
//!
//! `cargo run --release --example cartpole`

mod pole;
mod screen;

use std::{hint::black_box, io, time::Instant};

use layerwise::{SVector, network};
use pole::{FORCE, Pole, STEP};
use screen::Screen;

network! {
    #[network(
        weights = "cartpole/cartpole.safetensors",
        prefix = "actor.",
        check = "cartpole/cartpole_check.safetensors",
        tolerance = 1e-6,
    )]
    /// From where the cart and the pole are and how fast they move to what a push to the left and one
    /// to the right are worth.
    pub struct Actor = Linear(4, 32) -> ELU -> Linear(32, 32) -> ELU -> Linear(32, 2);
}

type State = SVector<f32, { Actor::INPUTS }>;

/// How many decisions are made.
const STEPS: usize = 600;
/// Steps from one knock to the next, and what each adds to the pole's spin.
const KNOCK_EVERY: usize = 100;
const KNOCKS: [f32; 5] = [1.5, 1.2, -1.0, -1.4, 1.0];

fn main() -> io::Result<()> {
    let actor = Actor::pretrained();
    println!("{actor:?}\n");

    let mut pole = Pole::start();
    let mut screen = Screen::new();
    let mut states: Vec<State> = Vec::new();
    while states.len() < STEPS && !pole.has_fallen() {
        let state = pole.state();
        let force = push(actor, &state);
        screen.show(states.len(), &pole, force)?;
        pole = pole.pushed(force);
        states.push(state);
        if states.len().is_multiple_of(KNOCK_EVERY) && states.len() < STEPS {
            let knock = KNOCKS[states.len() / KNOCK_EVERY % KNOCKS.len()];
            pole.spin += knock;
            screen.knock(knock);
        }
    }

    println!("\nleft alone: falls after {:.1} s", seconds(left_alone()));
    let knocks = (states.len() - 1) / KNOCK_EVERY;
    let verb = if pole.has_fallen() { "falls" } else { "stands" };
    println!(
        "layerwise:  {verb} after {:.1} s and {knocks} knocks",
        seconds(states.len())
    );
    println!("{:.0} ns per decision", time_per_decision(actor, &states));
    Ok(())
}

/// The better of the two pushes, in newtons to the right.
fn push(actor: &Actor, state: &State) -> f32 {
    let worth = actor.forward(state);
    if worth[1] > worth[0] { FORCE } else { -FORCE }
}

fn seconds(steps: usize) -> f32 {
    steps as f32 * STEP
}

/// After how many steps a pole falls that nobody balances.
fn left_alone() -> usize {
    let mut pole = Pole::start();
    let mut steps = 0;
    while !pole.has_fallen() {
        pole = pole.pushed(0.0);
        steps += 1;
    }
    steps
}

/// The median of some rounds over all states, in nanoseconds.
fn time_per_decision(actor: &Actor, states: &[State]) -> f64 {
    let mut rounds: Vec<f64> = (0..101)
        .map(|_| {
            let start = Instant::now();
            for state in states {
                black_box(push(black_box(actor), black_box(state)));
            }
            start.elapsed().as_nanos() as f64 / states.len() as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}
