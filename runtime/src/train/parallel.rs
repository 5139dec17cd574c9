//! A batch on all cores.

use rayon::prelude::*;
use std::{boxed::Box, vec::Vec};

use super::{
    against::Against,
    ends::Accepts,
    losses::Loss,
    optimizers::Optimizer,
    trainer::{OutputOf, ScalarOf, TargetOf, Trainer},
};
use crate::{
    backward::Trainable,
    flow::{self, record::Start},
    layer::Network,
    parameters::{place, runs},
};

/// The fewest samples that are worth a part of their own.
const LEAST: usize = 32;

/// The most parts, each of which has a gradient of its own.
const PARTS: usize = 16;

impl<N, O, L> Trainer<N, O, L>
where
    N: Network + Send + Sync,
    O: Optimizer,
    L: Sync,
{
    /// [`step`](Self::step) on all cores. The batch is divided into parts by its length alone, and their
    /// gradients are added in order, so that the result doesn't depend on how many cores there are; it
    /// differs from that of `step` by rounding. A network with `BatchNorm1d`, which takes statistics of
    /// the whole batch, goes on one core. Up to 16 gradients are allocated for the step.
    ///
    /// # Panics
    ///
    /// As [`step`](Self::step).
    #[track_caller]
    pub fn step_parallel(&mut self, inputs: &[N::Input], targets: &[TargetOf<N, L>]) -> ScalarOf<N>
    where
        N: Trainable<<N as Network>::Input, Output = OutputOf<N>>,
        L: Loss<OutputOf<N>, Takes: Accepts<N::End>>,
        TargetOf<N, L>: Sync,
    {
        if const { flow::standardized(&N::LAYOUT).0 > 0 } {
            return self.step(inputs, targets);
        }
        self.check(inputs, targets);
        let scale = self.scale(inputs.len());
        let part = inputs.len().div_ceil(PARTS).max(LEAST);
        let (seed, step) = (self.seed, self.steps);
        let (model, loss) = (&self.model, &self.loss);
        let parts: Vec<(f64, Box<N>)> = inputs
            .par_chunks(part)
            .zip(targets.par_chunks(part))
            .enumerate()
            .map(|(index, (inputs, targets))| {
                let mut gradient = place::boxed::<N>();
                let mut judge = Against {
                    loss,
                    targets,
                    scale,
                    sum: 0.0,
                };
                let start = Start {
                    seed,
                    step,
                    first: (index * part) as u64,
                };
                flow::gradient::<_, _, N::Room, _, _>(
                    model,
                    &mut *gradient,
                    inputs,
                    &mut judge,
                    start,
                );
                (judge.sum, gradient)
            })
            .collect();
        let mut sum = 0.0;
        for (index, (loss, gradient)) in parts.iter().enumerate() {
            sum += loss;
            runs::add::<ScalarOf<N>, N>(&mut self.gradient, gradient, index > 0);
        }
        self.follow(sum * scale)
    }
}
