//! Learns to balance the pole of `cartpole` from nothing but its falls, in less than a second: an
//! actor-critic method, after Sutton and Barto, "Reinforcement Learning" (2018), chapter 13. Then shows
//! what it learnt, and saves it.
//!
//! `cargo run --release --example learn_to_balance`

mod experience;
#[path = "../cartpole/pole.rs"]
mod pole;
#[path = "../cartpole/screen.rs"]
mod screen;

use std::{error::Error, fs, io, path::Path, time::Instant};

use experience::{Experience, LIMIT, Random};
use layerwise::{Adam, CrossEntropyLoss, Logits, Loss, MSELoss, SVector, Trainer, network};
use pole::{FORCE, Pole, STEP};
use screen::Screen;

network! {
    /// From where the cart and the pole are and how fast they move to a number for a push to the left
    /// and one to the right: their softmax says how likely each is tried.
    pub struct Policy = Linear(4, 32) -> Tanh -> Linear(_, 2);

    /// From the same to how well that will go: 0 where the pole falls at once, 1 where it never does.
    pub struct Critic = Linear(4, 32) -> Tanh -> Linear(_, 1);
}

/// What a network sees.
type State = SVector<f32, { Policy::INPUTS }>;
/// What the policy gives.
type Pushes = SVector<f32, { Policy::OUTPUTS }>;

/// The most rounds of trying and learning.
const ROUNDS: usize = 300;
/// How many steps the critic makes in a round, in which the policy makes one.
const CRITIC_STEPS: usize = 5;
/// What is shown at the end: so many steps, with a knock now and then that adds to the pole's spin.
const SHOWN: usize = 500;
const KNOCK_EVERY: usize = 125;
const KNOCK: f32 = 0.8;

/// A push that was tried.
#[derive(Clone, Copy)]
struct Tried {
    /// 0 to the left, 1 to the right.
    push: usize,
    /// By how much what followed was better than what the critic expected.
    advantage: f32,
}

/// Makes likelier what went better than expected: −advantage · ln softmax(y) at the push.
struct PolicyGradient;

impl Loss<Pushes> for PolicyGradient {
    type Target = Tried;
    type Takes = Logits;

    fn loss(&self, y: &Pushes, tried: &Tried, gradient: &mut Pushes) -> f32 {
        let loss = CrossEntropyLoss::new().loss(y, &tried.push, gradient);
        *gradient *= tried.advantage;
        tried.advantage * loss
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let policy = learn();
    println!("learnt in {:.1} s\n", start.elapsed().as_secs_f32());
    show(&policy)?;

    let folder = Path::new("target/learn_to_balance");
    fs::create_dir_all(folder)?;
    let path = folder.join("policy.safetensors");
    policy.save(&path)?;
    println!("see {}", path.display());
    Ok(())
}

/// Tries and learns in turn, until no try of a round ends in a fall.
fn learn() -> Policy {
    let mut random = Random::new(1);
    let mut policy = Trainer::new(Policy::new(), Adam::new(1e-2), PolicyGradient);
    let mut critic = Trainer::new(Critic::new(), Adam::new(1e-2), MSELoss::new());
    let mut pushes = 0;
    for round in 0..ROUNDS {
        let tries = Experience::gather(policy.model(), critic.model(), &mut random);
        policy.step(&tries.states, &tries.tried);
        for _ in 0..CRITIC_STEPS {
            critic.step(&tries.states, &tries.values);
        }
        pushes += tries.states.len();
        if round % 5 == 0 || tries.falls == 0 {
            println!(
                "round {round:3}  {pushes:6} pushes  {:3} of {LIMIT} steps balanced  {:3} of {:3} fell",
                tries.states.len() / tries.episodes,
                tries.falls,
                tries.episodes
            );
        }
        if tries.falls == 0 {
            break;
        }
    }
    policy.into_model()
}

/// Lets the policy balance, always with the likelier push.
fn show(policy: &Policy) -> io::Result<()> {
    let mut pole = Pole::start();
    let mut screen = Screen::new();
    let mut step = 0;
    while step < SHOWN && !pole.has_fallen() {
        let y = policy.forward(&pole.state());
        let force = force(usize::from(y[1] > y[0]));
        screen.show(step, &pole, force)?;
        pole = pole.pushed(force);
        step += 1;
        if step.is_multiple_of(KNOCK_EVERY) && step < SHOWN {
            let knock = if pole.angle > 0.0 { KNOCK } else { -KNOCK };
            pole.spin += knock;
            screen.knock(knock);
        }
    }
    let verb = if pole.has_fallen() { "falls" } else { "stands" };
    println!("\n{verb} after {:.1} s", step as f32 * STEP);
    Ok(())
}

/// That of a push, in newtons to the right.
fn force(push: usize) -> f32 {
    if push == 1 { FORCE } else { -FORCE }
}
