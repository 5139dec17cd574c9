//! [`Trainer`]: a network, its gradient, and what an optimiser keeps.
#![allow(unsafe_code, reason = "to make a large one in place")]

use core::fmt;
#[cfg(feature = "std")]
use core::mem::MaybeUninit;
#[cfg(feature = "std")]
use std::boxed::Box;

use super::{
    against::Against,
    clip::Clip,
    ends::Accepts,
    fit::Position,
    losses::{Loss, Reduction},
    optimizers::Optimizer,
};
use crate::{
    backward::Trainable,
    flow,
    layer::{Layer, Network},
    parameters::{Parameters, VisitorMut, path::Path, runs},
    scalar::Scalar,
    value::{Value, many_zeros},
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
    pub(super) model: N,
    pub(super) gradient: N,
    pub(super) state: O::State<N>,
    pub(super) optimizer: O,
    pub(super) loss: L,
    pub(super) initial_lr: f64,
    pub(super) steps: u64,
    pub(super) seed: u64,
    pub(super) position: Position,
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
            initial_lr: optimizer.lr(),
            optimizer,
            loss,
            steps: 0,
            seed: 0,
            position: Position::default(),
            clip: Clip::default(),
        }
    }

    /// The same, made in place on the heap: for networks too large for a stack, as `Net::boxed()` gives
    /// them.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn boxed(model: Box<N>, optimizer: O, loss: L) -> Box<Self> {
        let mut place = Box::new_uninit();
        // The box is freed, and what was in it lives on in the trainer.
        let model: Box<MaybeUninit<N>> = unsafe { Box::from_raw(Box::into_raw(model).cast()) };
        // SAFETY: a network was moved into the box.
        unsafe { Self::place(&mut place, model.as_ptr(), optimizer, loss) };
        // SAFETY: every field was filled.
        unsafe { place.assume_init() }
    }

    /// # Safety
    ///
    /// `model` leads to a network that nobody uses any more.
    #[cfg(feature = "std")]
    unsafe fn place(
        place: &mut MaybeUninit<Self>,
        model: *const N,
        optimizer: O,
        loss: L,
    ) -> &mut Self {
        let lr = optimizer.lr();
        crate::__place!(place:
            // SAFETY: by the caller; it is moved to another place.
            model: |place| {
                core::ptr::copy_nonoverlapping(model, place.as_mut_ptr(), 1);
                place.assume_init_mut()
            },
            gradient: N::place,
            state: O::State::place,
            optimizer: |place| place.write(optimizer),
            loss: |place| place.write(loss),
            initial_lr: |place| place.write(lr),
            steps: |place| place.write(0),
            seed: |place| place.write(0),
            position: |place| place.write(Position::default()),
            clip: |place| place.write(Clip::default())
        )
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
        runs::add::<ScalarOf<N>, N>(&mut self.gradient, gradient, false);
        self.update();
    }

    fn update(&mut self) {
        if self.clip != Clip::default() {
            self.clip.apply::<ScalarOf<N>, N>(&mut self.gradient);
        }
        if const { N::LAYOUT.has_buffers() } {
            // A gradient's buffers hold what is added to the network's.
            let networks = [&mut self.model, &mut self.gradient];
            N::walk_mut(networks, &Path::root::<N>(), &mut AddBuffers);
        }
        self.steps += 1;
        self.optimizer.step::<ScalarOf<N>, N>(
            &mut self.model,
            &self.gradient,
            &mut self.state,
            self.steps,
        );
    }

    /// The update, if the loss whose gradient there is is finite: in the network's own scalar, in which a
    /// large sum may be infinite.
    pub(super) fn follow(&mut self, loss: f64) -> ScalarOf<N> {
        let loss = ScalarOf::<N>::from_f64(loss);
        if loss.to_f64().is_finite() {
            self.update();
        }
        loss
    }
}

// What a network and a loss must be stands at each method, so that the compiler says it at the call.
impl<N: Network, O: Optimizer, L> Trainer<N, O, L> {
    /// One step: forward, backward, and the update. Returns the mean loss before the update. If that is
    /// NaN or infinite, nothing is changed.
    ///
    /// # Panics
    ///
    /// Where there are no samples, where `inputs` and `targets` differ in length, where a class is none
    /// of the outputs, and where a network with `BatchNorm1d` is given one sample only, unless that has
    /// several steps or pixels there.
    #[track_caller]
    pub fn step(&mut self, inputs: &[N::Input], targets: &[TargetOf<N, L>]) -> ScalarOf<N>
    where
        N: Trainable<<N as Network>::Input, Output = OutputOf<N>>,
        L: Loss<OutputOf<N>, Takes: Accepts<N::End>>,
    {
        if let (true, [input]) = (Self::STEPS_ALONE && self.clip == Clip::default(), inputs) {
            self.check(inputs, targets);
            if let Some(loss) = self.step_alone(input, targets) {
                return loss;
            }
        }
        let loss = self.backward(inputs, targets);
        self.follow(loss)
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
        L: Loss<OutputOf<N>, Takes: Accepts<N::End>>,
    {
        let loss = self.backward(inputs, targets);
        (ScalarOf::<N>::from_f64(loss), &self.gradient)
    }

    #[track_caller]
    fn backward(&mut self, inputs: &[N::Input], targets: &[TargetOf<N, L>]) -> f64
    where
        N: Trainable<<N as Network>::Input, Output = OutputOf<N>>,
        L: Loss<OutputOf<N>, Takes: Accepts<N::End>>,
    {
        self.check(inputs, targets);
        assert!(
            !Self::NEEDS_TWO || inputs.len() > 1,
            "`BatchNorm1d` takes the variance of a batch: a step needs two samples at least"
        );
        let scale = self.scale(inputs.len());
        let mut judge = Against {
            loss: &self.loss,
            targets,
            scale,
            sum: 0.0,
        };
        let start = self.start(0);
        let gradient = &mut self.gradient;
        flow::gradient::<_, _, N::Room, _, _>(&self.model, gradient, inputs, &mut judge, start);
        judge.sum * scale
    }

    /// The mean loss, with nothing changed. `Dropout` and its like are as in `forward`.
    ///
    /// # Panics
    ///
    /// As [`step`](Self::step).
    #[track_caller]
    pub fn evaluate(&self, inputs: &[N::Input], targets: &[TargetOf<N, L>]) -> ScalarOf<N>
    where
        L: Loss<OutputOf<N>>,
    {
        /// So many samples at a time.
        const BLOCK: usize = 16;
        self.check(inputs, targets);
        let scale = self.scale(inputs.len());
        let mut outputs: [OutputOf<N>; BLOCK] = many_zeros();
        let mut gradients: [OutputOf<N>; BLOCK] = many_zeros();
        let mut sum = 0.0;
        for (inputs, targets) in inputs.chunks(BLOCK).zip(targets.chunks(BLOCK)) {
            let outputs = &mut outputs[..inputs.len()];
            flow::forward_batch(&self.model, inputs, outputs);
            let gradients = &mut gradients[..inputs.len()];
            sum += self.loss.losses(outputs, targets, scale, gradients);
        }
        ScalarOf::<N>::from_f64(sum * scale)
    }

    /// Of a single number there is no variance: whether a batch of one sample is too small.
    pub(super) const NEEDS_TWO: bool = flow::standardized_places(&N::LAYOUT) == 1;

    /// What each sample's loss is multiplied by.
    pub(super) fn scale(&self, samples: usize) -> f64
    where
        L: Loss<OutputOf<N>>,
    {
        match self.loss.reduction() {
            Reduction::Mean => 1.0 / samples as f64,
            Reduction::Sum => 1.0,
        }
    }

    #[track_caller]
    pub(super) fn check(&self, inputs: &[N::Input], targets: &[TargetOf<N, L>])
    where
        L: Loss<OutputOf<N>>,
    {
        assert!(
            inputs.len() == targets.len(),
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

/// Adds the buffers of one network to those of another.
struct AddBuffers;

impl VisitorMut<2> for AddBuffers {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, [to, from]: [&mut [T]; 2]) {
        if path.is_buffer() {
            for (to, from) in to.iter_mut().zip(from) {
                *to += *from;
            }
        }
    }

    fn count(&mut self, _: &Path<'_>, [to, from]: [&mut i64; 2]) {
        *to += *from;
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
