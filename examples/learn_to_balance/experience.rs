//! What a policy tries, and how it goes.

use layerwise::SVector;

use crate::{Critic, Policy, Pushes, State, Tried, force, pole::Pole};

/// The most steps of an episode: ten seconds.
pub(crate) const LIMIT: usize = 500;
/// How many steps a round has, until its last episode is over.
const STEPS: usize = 4000;
/// How much a step counts beside the one before it.
const DISCOUNT: f32 = 0.99;

/// Some episodes from other starts, step by step.
#[derive(Default)]
pub(crate) struct Experience {
    pub(crate) states: Vec<State>,
    pub(crate) tried: Vec<Tried>,
    /// How well it went from each state on: what the critic is to expect.
    pub(crate) values: Vec<SVector<f32, 1>>,
    pub(crate) episodes: usize,
    /// How many of them ended in a fall.
    pub(crate) falls: usize,
}

impl Experience {
    /// A round of episodes.
    pub(crate) fn gather(policy: &Policy, critic: &Critic, random: &mut Random) -> Self {
        let mut all = Self::default();
        while all.states.len() < STEPS {
            all.episode(policy, critic, random);
        }
        all.standardize();
        all
    }

    /// An episode, to its fall or its last step.
    fn episode(&mut self, policy: &Policy, critic: &Critic, random: &mut Random) {
        let first = self.states.len();
        let mut pole = random.start();
        while self.states.len() < first + LIMIT && !pole.has_fallen() {
            let state = pole.state();
            let push = random.choose(policy.forward(&state));
            pole = pole.pushed(force(push));
            self.states.push(state);
            self.tried.push(Tried {
                push,
                advantage: 0.0,
            });
        }
        self.episodes += 1;
        self.falls += usize::from(pole.has_fallen());

        // After a fall comes nothing; what would come after the last step, the critic guesses.
        let mut value = if pole.has_fallen() {
            0.0
        } else {
            critic.forward(&pole.state())[0]
        };
        self.values.resize(self.states.len(), SVector::zeros());
        for step in (first..self.states.len()).rev() {
            value = (1.0 - DISCOUNT) + DISCOUNT * value;
            self.values[step] = SVector::from([value]);
            self.tried[step].advantage = value - critic.forward(&self.states[step])[0];
        }
    }

    /// Advantages of mean 0 and variance 1, so that each round's step is as bold.
    fn standardize(&mut self) {
        let count = self.tried.len() as f32;
        let mean = self.tried.iter().map(|tried| tried.advantage).sum::<f32>() / count;
        let square = |tried: &Tried| (tried.advantage - mean).powi(2);
        let deviation = (self.tried.iter().map(square).sum::<f32>() / count).sqrt();
        for tried in &mut self.tried {
            tried.advantage = (tried.advantage - mean) / (deviation + 1e-6);
        }
    }
}

/// Random numbers, the same on each run: splitmix64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From −`most` to `most`.
    fn within(&mut self, most: f32) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let unit = ((z ^ (z >> 31)) >> 40) as f32 / (1_u32 << 24) as f32;
        most * (2.0 * unit - 1.0)
    }

    /// Somewhere near the middle, leaning and moving a little.
    fn start(&mut self) -> Pole {
        Pole {
            x: self.within(0.8),
            speed: self.within(0.5),
            angle: self.within(0.2),
            spin: self.within(0.5),
        }
    }

    /// A push, as likely as the softmax of `y` says.
    fn choose(&mut self, y: Pushes) -> usize {
        let right = 1.0 / (1.0 + (y[0] - y[1]).exp());
        usize::from(self.within(0.5) + 0.5 < right)
    }
}
