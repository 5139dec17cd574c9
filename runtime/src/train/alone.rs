//! A step with one sample in one function.
#![allow(
    clippy::inline_always,
    reason = "of a small network it is a few instructions"
)]

use super::{
    losses::Loss,
    optimizers::{In, Optimizer},
    trainer::{OutputOf, ScalarOf, TargetOf, Trainer},
};
use crate::{
    backward::Trainable,
    flow::{
        self,
        record::{Follow, Judge, Start},
    },
    kernels::isa::Isa,
    layer::Network,
    scalar::Scalar,
};

impl<N: Network, O: Optimizer, L> Trainer<N, O, L> {
    /// Whether that is faster than a gradient and then an update.
    pub(super) const STEPS_ALONE: bool = flow::steps_alone::<N::Input, N>();

    /// Where the part of a batch begins that has this sample first.
    #[inline(always)]
    pub(super) fn start(&self, first: u64) -> Start {
        Start {
            seed: self.seed,
            step: self.steps,
            first,
        }
    }

    /// The loss, if that was done.
    #[inline(always)]
    pub(super) fn step_alone(
        &mut self,
        input: &N::Input,
        targets: &[TargetOf<N, L>],
    ) -> Option<ScalarOf<N>>
    where
        N: Trainable<N::Input, Output = OutputOf<N>>,
        L: Loss<OutputOf<N>>,
    {
        let mut learner = Learner {
            loss: &self.loss,
            target: targets.first()?,
            loss_found: ScalarOf::<N>::ZERO,
            optimizer: &self.optimizer,
            state: &mut self.state,
            steps: &mut self.steps,
            seed: self.seed,
        };
        flow::step_alone(&mut self.model, input, &mut learner)
    }
}

/// What a sample is compared with, and what follows.
struct Learner<'a, N: Network, O: Optimizer, L, T> {
    loss: &'a L,
    target: &'a T,
    /// Its loss.
    loss_found: ScalarOf<N>,
    optimizer: &'a O,
    state: &'a mut O::State<N>,
    steps: &'a mut u64,
    seed: u64,
}

/// Of one sample the mean and the sum are the same.
const SCALE: f64 = 1.0;

impl<N: Network, O: Optimizer, L: Loss<OutputOf<N>>> Judge<OutputOf<N>>
    for Learner<'_, N, O, L, TargetOf<N, L>>
{
    #[inline(always)]
    fn judge(&mut self, _: usize, y: &[OutputOf<N>], dy: &mut [OutputOf<N>]) {
        // A slice whose length is known: without a branch the step is one chain of instructions.
        let targets = core::slice::from_ref(self.target);
        self.loss_found = ScalarOf::<N>::from_f64(self.loss.losses(y, targets, SCALE, dy));
    }

    #[inline(always)]
    fn judge_in<I: Isa>(&mut self, isa: I, _: usize, y: &[OutputOf<N>], dy: &mut [OutputOf<N>]) {
        let targets = core::slice::from_ref(self.target);
        self.loss_found = ScalarOf::<N>::from_f64(self.loss.losses_in(isa, y, targets, SCALE, dy));
    }

    /// Before the way back, so that it and the update are without a branch.
    #[inline(always)]
    fn gives_up(&self) -> bool {
        !self.loss_found.to_f64().is_finite()
    }

    #[inline(always)]
    fn begin(&mut self) {}
}

impl<N: Network, O: Optimizer, L: Loss<OutputOf<N>>> Follow<N, OutputOf<N>>
    for Learner<'_, N, O, L, TargetOf<N, L>>
{
    type Loss = ScalarOf<N>;

    #[inline(always)]
    fn start(&self) -> Start {
        Start {
            seed: self.seed,
            step: *self.steps,
            first: 0,
        }
    }

    #[inline(always)]
    fn loss(&self) -> ScalarOf<N> {
        self.loss_found
    }

    #[inline(always)]
    fn follow<I: Isa>(&mut self, isa: I, network: &mut N, gradient: &N) {
        *self.steps += 1;
        let (state, step) = (&mut *self.state, *self.steps);
        self.optimizer
            .step_by::<ScalarOf<N>, N, _>(In(isa), network, gradient, state, step);
    }
}
