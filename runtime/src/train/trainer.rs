//! [`Trainer`]: a network, its gradient, and what an optimiser keeps.

use core::fmt;

use super::{
    clip::Clip,
    ends::Accepts,
    losses::{Loss, Reduction},
    optimizers::Optimizer,
};
use crate::{
    backward::Trainable,
    flow::{
        self,
        record::{Judge, Start},
    },
    layer::{Layer, Network},
    parameters::Parameters,
    random,
    scalar::Scalar,
    value::Value,
};

/// Trains a network. No step allocates, and what it needs beside itself is on the stack
/// (`Net::TRAINING_BYTES`).
///
/// ```
/// use layerwise::{Adam, MSELoss, SVector, Trainer, network};
///
/// network! { pub struct Net = Linear(1, 16) -> Tanh -> Linear(_, 1); }
///
/// // y = x² on a few points
/// let xs: Vec<_> = (-8..=8).map(|i| SVector::from([i as f32 / 8.0])).collect();
/// let ys: Vec<_> = xs.iter().map(|x| x.component_mul(x)).collect();
///
/// let mut trainer = Trainer::new(Net::new(), Adam::new(1e-2), MSELoss::new());
/// let before = trainer.evaluate(&xs, &ys);
/// for _ in 0..500 {
///     trainer.step(&xs, &ys);
/// }
/// assert!(trainer.evaluate(&xs, &ys) < before / 100.0);
///
/// let net: Net = trainer.into_model();
/// assert!((net.forward(&SVector::from([0.5]))[0] - 0.25).abs() < 0.1);
/// ```
pub struct Trainer<N, O: Optimizer, L>
where
    N: Parameters,
{
    model: N,
    gradient: N,
    state: O::State<N>,
    optimizer: O,
    loss: L,
    steps: u64,
    seed: u64,
    clip: Clip,
}

/// The scalar of a network.
pub(super) type ScalarOf<N> = <<N as Network>::Input as Value>::Scalar;
/// What leaves a network.
pub(super) type OutputOf<N> = <N as Layer<<N as Network>::Input>>::Output;
/// What an output is compared with.
pub(super) type TargetOf<N, L> = <L as Loss<OutputOf<N>>>::Target;

impl<N: Network, O: Optimizer, L> Trainer<N, O, L> {
    /// A trainer of `model`, with nothing learnt yet. A network that is too large for a stack is trained
    /// in a `Box`: `Trainer::boxed`.
    #[must_use]
    pub fn new(model: N, optimizer: O, loss: L) -> Self {
        Self {
            model,
            gradient: N::ZEROS,
            state: O::State::ZEROS,
            optimizer,
            loss,
            steps: 0,
            seed: 0,
            clip: Clip::default(),
        }
    }

    /// The same with a gradient whose norm is `max_norm` at the most, as
    /// [`torch.nn.utils.clip_grad_norm_`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html)
    /// before each step.
    #[must_use]
    pub fn clip_grad_norm(mut self, max_norm: f64) -> Self {
        self.clip.norm = Some(max_norm);
        self
    }

    /// The same with a gradient whose numbers are at most `clip_value` from zero, as
    /// [`torch.nn.utils.clip_grad_value_`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html)
    /// before each step.
    #[must_use]
    pub fn clip_grad_value(mut self, clip_value: f64) -> Self {
        self.clip.value = Some(clip_value);
        self
    }

    /// The same with another seed for what is drawn at random while training (`Dropout`, `RReLU`, and the
    /// order of the samples in `fit`); 0 by default.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The network.
    #[must_use]
    pub const fn model(&self) -> &N {
        &self.model
    }

    /// The network, to be changed by hand.
    #[must_use]
    pub const fn model_mut(&mut self) -> &mut N {
        &mut self.model
    }

    /// Gives the network back.
    #[must_use]
    pub fn into_model(self) -> N {
        self.model
    }

    /// How many steps were made.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// The learning rate.
    #[must_use]
    pub fn lr(&self) -> f64 {
        self.optimizer.lr()
    }

    /// Changes the learning rate, as a [`Schedule`](super::schedules::Schedule) says.
    pub fn set_lr(&mut self, lr: f64) {
        self.optimizer.set_lr(lr);
    }

    /// Follows a gradient that was put together elsewhere: one step of the optimiser. `gradient` is as
    /// [`gradient`](Self::gradient) gives it, and is clipped as any other.
    pub fn apply(&mut self, gradient: &N) {
        self.gradient.clone_from(gradient);
        self.update();
    }

    fn update(&mut self) {
        if self.clip != Clip::default() {
            self.clip.apply::<ScalarOf<N>, N>(&mut self.gradient);
        }
        self.steps += 1;
        self.optimizer.step::<ScalarOf<N>, N>(
            &mut self.model,
            &self.gradient,
            &mut self.state,
            self.steps,
        );
    }
}

// What a network and a loss must be stands at each method, so that the compiler says it at the call.
impl<N: Network, O: Optimizer, L: Loss<OutputOf<N>>> Trainer<N, O, L> {
    /// One step: forward, backward, and the update. Returns the mean loss before the update. If that is
    /// NaN or infinite, nothing is changed.
    ///
    /// # Panics
    ///
    /// Where there are no samples, where `inputs` and `targets` differ in length, and where a class is
    /// none of the outputs.
    #[track_caller]
    pub fn step(&mut self, inputs: &[N::Input], targets: &[TargetOf<N, L>]) -> ScalarOf<N>
    where
        N: Trainable<<N as Network>::Input, Output = OutputOf<N>>,
        L::Takes: Accepts<N::End>,
    {
        let loss = self.backward(inputs, targets);
        if loss.is_finite() {
            self.update();
        }
        ScalarOf::<N>::from_f64(loss)
    }

    /// The mean loss and its gradient, without a step: for whoever adds up gradients of several machines
    /// and then follows the sum by [`apply`](Self::apply).
    ///
    /// # Panics
    ///
    /// As [`step`](Self::step).
    #[track_caller]
    pub fn gradient(&mut self, inputs: &[N::Input], targets: &[TargetOf<N, L>]) -> (ScalarOf<N>, &N)
    where
        N: Trainable<<N as Network>::Input, Output = OutputOf<N>>,
        L::Takes: Accepts<N::End>,
    {
        let loss = self.backward(inputs, targets);
        (ScalarOf::<N>::from_f64(loss), &self.gradient)
    }

    #[track_caller]
    fn backward(&mut self, inputs: &[N::Input], targets: &[TargetOf<N, L>]) -> f64
    where
        N: Trainable<<N as Network>::Input, Output = OutputOf<N>>,
        L::Takes: Accepts<N::End>,
    {
        self.check(inputs, targets);
        let count = inputs.len() as f64;
        let scale = match self.loss.reduction() {
            Reduction::Mean => 1.0 / count,
            Reduction::Sum => 1.0,
        };
        let mut judge = Against {
            loss: &self.loss,
            targets,
            scale,
            sum: 0.0,
        };
        let start = Start {
            seed: random::mix(self.seed, self.steps),
            first: 0,
        };
        let gradient = &mut self.gradient;
        flow::gradient::<_, _, N::Room, _>(&self.model, gradient, inputs, &mut judge, start);
        judge.sum * scale
    }

    /// The mean loss, with nothing changed. `Dropout` and its like are as in `forward`.
    ///
    /// # Panics
    ///
    /// As [`step`](Self::step).
    #[track_caller]
    pub fn evaluate(&self, inputs: &[N::Input], targets: &[TargetOf<N, L>]) -> ScalarOf<N> {
        /// So many samples at a time.
        const BLOCK: usize = 16;
        self.check(inputs, targets);
        let scale = match self.loss.reduction() {
            Reduction::Mean => 1.0 / inputs.len() as f64,
            Reduction::Sum => 1.0,
        };
        let mut outputs: [OutputOf<N>; BLOCK] = core::array::from_fn(|_| Value::zeros());
        let mut gradients: [OutputOf<N>; BLOCK] = core::array::from_fn(|_| Value::zeros());
        let mut sum = 0.0;
        for (inputs, targets) in inputs.chunks(BLOCK).zip(targets.chunks(BLOCK)) {
            let outputs = &mut outputs[..inputs.len()];
            flow::forward_batch(&self.model, inputs, outputs);
            let gradients = &mut gradients[..inputs.len()];
            sum += self.loss.losses(outputs, targets, scale, gradients);
        }
        ScalarOf::<N>::from_f64(sum * scale)
    }

    #[track_caller]
    fn check(&self, inputs: &[N::Input], targets: &[TargetOf<N, L>]) {
        assert_eq!(
            inputs.len(),
            targets.len(),
            "as many targets as inputs are needed: there are {} inputs and {} targets",
            inputs.len(),
            targets.len()
        );
        assert!(
            !inputs.is_empty(),
            "a step needs one sample at least: the batch is empty"
        );
        for (index, target) in targets.iter().enumerate() {
            if let Err(error) = self.loss.check(target) {
                panic!("target {index}: {error}");
            }
        }
    }
}

/// The targets of a batch.
struct Against<'a, L, T> {
    loss: &'a L,
    targets: &'a [T],
    scale: f64,
    sum: f64,
}

impl<Y: Value, L: Loss<Y>> Judge<Y> for Against<'_, L, L::Target> {
    fn judge(&mut self, first: usize, y: &[Y], dy: &mut [Y]) {
        let targets = &self.targets[first..first + y.len()];
        self.sum += self.loss.losses(y, targets, self.scale, dy);
    }
}

impl<N: Network, O: Optimizer + fmt::Debug, L: fmt::Debug> fmt::Debug for Trainer<N, O, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trainer")
            .field("optimizer", &self.optimizer)
            .field("loss", &self.loss)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}
