//! [`Trainer::fit`]: epochs of shuffled mini-batches.
#![allow(unsafe_code, reason = "samples are gathered in a buffer")]

use core::ops::ControlFlow;

use super::{
    against::AgainstSome,
    ends::Accepts,
    losses::Loss,
    optimizers::Optimizer,
    order::Order,
    schedules::Schedule,
    trainer::{OutputOf, TargetOf, Trainer},
};
use crate::{
    backward::Trainable,
    flow::{self, record::Samples, tape::AnyRoom},
    layer::Network,
    random,
};

/// How [`Trainer::fit`] goes through the samples.
#[derive(Clone, Copy)]
pub struct Fit<'a> {
    epochs: u64,
    batch_size: usize,
    shuffle: bool,
    schedule: Option<&'a dyn Schedule>,
    each_step: bool,
}

impl Default for Fit<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> Fit<'a> {
    /// Once through the samples, shuffled, 32 at a time, at the optimiser's learning rate.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            epochs: 1,
            batch_size: 32,
            shuffle: true,
            schedule: None,
            each_step: false,
        }
    }

    /// How often it goes through all samples, from the first call of `fit` on.
    #[must_use]
    pub const fn epochs(mut self, epochs: u64) -> Self {
        self.epochs = epochs;
        self
    }

    /// How many samples make a step; the last step of an epoch has what is left.
    ///
    /// # Panics
    ///
    /// Where it is zero.
    #[must_use]
    #[track_caller]
    pub const fn batch_size(mut self, batch_size: usize) -> Self {
        assert!(batch_size > 0, "a batch has one sample at least");
        self.batch_size = batch_size;
        self
    }

    /// Whether each epoch has an order of its own, which follows from the trainer's seed; it has by
    /// default.
    #[must_use]
    pub const fn shuffle(mut self, shuffle: bool) -> Self {
        self.shuffle = shuffle;
        self
    }

    /// A learning rate that changes with each epoch.
    #[must_use]
    pub const fn schedule(mut self, schedule: &'a dyn Schedule) -> Self {
        (self.schedule, self.each_step) = (Some(schedule), false);
        self
    }

    /// A learning rate that changes with each step.
    #[must_use]
    pub const fn schedule_steps(mut self, schedule: &'a dyn Schedule) -> Self {
        (self.schedule, self.each_step) = (Some(schedule), true);
        self
    }
}

/// How far [`Trainer::fit`] is, after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The epoch, from 0.
    pub epoch: u64,
    /// How many there are.
    pub epochs: u64,
    /// How many steps of the epoch are done.
    pub batch: u64,
    /// How many it has.
    pub batches: u64,
    /// The mean loss of the epoch so far, each sample's before the step that it was part of.
    pub loss: f64,
}

impl Progress {
    /// Whether the epoch is over: the time to look at samples that the network doesn't learn from.
    #[must_use]
    pub const fn is_end_of_epoch(&self) -> bool {
        self.batch == self.batches
    }
}

/// Where a trainer is in its data.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Position {
    pub(super) epoch: u64,
    pub(super) batch: u64,
    /// The sum of the epoch's losses so far.
    pub(super) loss: f64,
}

impl Position {
    /// Before the first batch of the next epoch.
    fn after(epoch: u64) -> Self {
        Self {
            epoch: epoch + 1,
            ..Self::default()
        }
    }
}

impl<N: Network, O: Optimizer, L> Trainer<N, O, L> {
    /// Trains on samples in mini-batches, epoch after epoch. `on` sees the trainer and the progress after
    /// each step, and may stop it; the next call goes on where this one ended, as does a trainer that
    /// was saved and resumed. Returns the progress after the last step, if there was one.
    ///
    /// The samples stay in their order. No step allocates; those of a batch are put together on the
    /// stack, in as much room as the step itself takes.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// use layerwise::{Adam, Fit, MSELoss, SVector, Trainer, network};
    ///
    /// network! { pub struct Net = Linear(1, 16) -> Tanh -> Linear(_, 1); }
    ///
    /// let xs: Vec<_> = (0..100).map(|i| SVector::from([i as f32 / 50.0 - 1.0])).collect();
    /// let ys: Vec<_> = xs.iter().map(|x| x.map(f32::sin)).collect();
    ///
    /// let mut trainer = Trainer::new(Net::new(), Adam::new(1e-2), MSELoss::new());
    /// let fit = Fit::new().epochs(30).batch_size(10);
    /// let last = trainer.fit(&xs, &ys, &fit, |trainer, progress| {
    ///     if progress.is_end_of_epoch() && trainer.evaluate(&xs, &ys) < 1e-4 {
    ///         return ControlFlow::Break(());
    ///     }
    ///     ControlFlow::Continue(())
    /// });
    /// assert!(last.is_some_and(|last| last.loss < 0.01));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`step`](Self::step), before the first step: also where an epoch's last batch would have one
    /// sample, and a network with `BatchNorm1d` needs more.
    #[track_caller]
    pub fn fit(
        &mut self,
        inputs: &[N::Input],
        targets: &[TargetOf<N, L>],
        fit: &Fit<'_>,
        mut on: impl FnMut(&mut Self, Progress) -> ControlFlow<()>,
    ) -> Option<Progress>
    where
        N: Trainable<<N as Network>::Input, Output = OutputOf<N>>,
        L: Loss<OutputOf<N>, Takes: Accepts<N::End>>,
    {
        self.check(inputs, targets);
        let samples = inputs.len();
        let batches = samples.div_ceil(fit.batch_size) as u64;
        let last = (samples - 1) % fit.batch_size + 1;
        assert!(
            !Self::NEEDS_TWO || last > 1,
            "`BatchNorm1d` takes the variance of a batch, which needs two samples at least: with a batch size \
             of {}, {samples} samples leave 1 for an epoch's last batch",
            fit.batch_size
        );
        let mut last = None;
        while self.position.epoch < fit.epochs {
            let Position { epoch, batch, .. } = self.position;
            if batch >= batches {
                // It was stopped amid an epoch of more batches.
                self.position = Position::after(epoch);
                continue;
            }
            if let Some(schedule) = fit.schedule {
                let step = if fit.each_step { self.steps() } else { epoch };
                self.set_lr(schedule.lr(self.initial_lr, step));
            }
            let seed = random::mix(self.seed, epoch);
            let order = Order::new(fit.shuffle.then_some(seed), samples);
            let from = batch as usize * fit.batch_size;
            let count = fit.batch_size.min(samples - from);
            let loss = self.step_of(inputs, targets, &order, from, count);
            self.position.batch += 1;
            self.position.loss += loss * count as f64;
            let progress = Progress {
                epoch,
                epochs: fit.epochs,
                batch: batch + 1,
                batches,
                loss: self.position.loss / (from + count) as f64,
            };
            if progress.is_end_of_epoch() {
                self.position = Position::after(epoch);
            }
            last = Some(progress);
            if on(self, progress).is_break() {
                break;
            }
        }
        last
    }

    /// One step with the samples at `count` places of the order from `from` on.
    #[inline(never)]
    fn step_of(
        &mut self,
        inputs: &[N::Input],
        targets: &[TargetOf<N, L>],
        order: &Order,
        from: usize,
        count: usize,
    ) -> f64
    where
        N: Trainable<<N as Network>::Input, Output = OutputOf<N>>,
        L: Loss<OutputOf<N>>,
    {
        let scale = self.scale(count);
        let mut room = <N::Room as AnyRoom>::new();
        let samples = Gathered {
            inputs,
            order,
            from,
            count,
            to: room.as_mut_ptr().cast(),
            room: N::Room::BYTES / size_of::<N::Input>().max(1),
        };
        let mut judge = AgainstSome {
            loss: &self.loss,
            targets,
            order,
            from,
            scale,
            sum: 0.0,
        };
        let start = self.start(0);
        let gradient = &mut self.gradient;
        flow::gradient::<_, _, N::Room, _, _>(&self.model, gradient, samples, &mut judge, start);
        let loss = judge.sum * scale;
        self.follow(loss);
        loss
    }
}

/// Some samples of a batch, which lie anywhere and are copied to where they are neighbours.
struct Gathered<'a, X> {
    inputs: &'a [X],
    order: &'a Order,
    from: usize,
    count: usize,
    to: *mut X,
    /// For how many there is room.
    room: usize,
}

impl<X> Samples<X> for Gathered<'_, X> {
    fn len(&self) -> usize {
        self.count
    }

    fn most(&self) -> usize {
        self.room.max(1)
    }

    fn block(&mut self, from: usize, count: usize) -> &[X] {
        let sample = |index| &self.inputs[self.order.at(self.from + from + index)];
        if self.room == 0 {
            return core::slice::from_ref(sample(0));
        }
        let count = count.min(self.room);
        for index in 0..count {
            // SAFETY: there is room for as many, and a value is its numbers.
            unsafe { core::ptr::copy_nonoverlapping(sample(index), self.to.add(index), 1) };
        }
        // SAFETY: so many were copied.
        unsafe { core::slice::from_raw_parts(self.to, count) }
    }
}
