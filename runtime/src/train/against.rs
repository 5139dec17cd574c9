//! A batch's outputs against its targets.
#![allow(
    clippy::inline_always,
    reason = "it is a part of its caller's function"
)]

use core::ops::Range;

use super::{losses::Loss, order::Order};
use crate::{
    flow::record::Judge,
    kernels::isa::{Isa, Vector},
    value::Value,
};

/// The targets of a batch.
pub(super) struct Against<'a, L, T> {
    pub(super) loss: &'a L,
    pub(super) targets: &'a [T],
    pub(super) scale: f64,
    pub(super) sum: f64,
}

impl<Y: Value, L: Loss<Y>> Judge<Y> for Against<'_, L, L::Target> {
    fn judge(&mut self, first: usize, y: &[Y], dy: &mut [Y]) {
        let targets = &self.targets[first..first + y.len()];
        self.sum += self.loss.losses(y, targets, self.scale, dy);
    }

    #[inline(always)]
    fn judge_in<I: Isa>(&mut self, isa: I, first: usize, y: &[Y], dy: &mut [Y]) {
        let targets = &self.targets[first..first + y.len()];
        self.sum += self.loss.losses_in(isa, y, targets, self.scale, dy);
    }

    #[inline(always)]
    fn judge_lanes<V: Vector<Scalar = Y::Scalar>>(
        &mut self,
        isa: V::Isa,
        samples: Range<usize>,
        y: &[V],
        dy: &mut [V],
    ) -> bool {
        let targets = &self.targets[samples];
        let loss = self.loss.losses_in_lanes(isa, y, targets, self.scale, dy);
        self.sum += loss.unwrap_or(0.0);
        loss.is_some()
    }

    fn begin(&mut self) {
        self.sum = 0.0;
    }
}

/// The targets of some samples, wherever they are.
pub(super) struct AgainstSome<'a, L, T> {
    pub(super) loss: &'a L,
    pub(super) targets: &'a [T],
    pub(super) order: &'a Order,
    pub(super) from: usize,
    pub(super) scale: f64,
    pub(super) sum: f64,
}

impl<Y: Value, L: Loss<Y>> Judge<Y> for AgainstSome<'_, L, L::Target> {
    fn judge(&mut self, first: usize, y: &[Y], dy: &mut [Y]) {
        for (index, (y, dy)) in y.iter().zip(dy).enumerate() {
            let target = &self.targets[self.order.at(self.from + first + index)];
            let (y, dy) = (core::slice::from_ref(y), core::slice::from_mut(dy));
            let target = core::slice::from_ref(target);
            self.sum += self.loss.losses(y, target, self.scale, dy);
        }
    }

    #[inline(always)]
    fn judge_in<I: Isa>(&mut self, _: I, first: usize, y: &[Y], dy: &mut [Y]) {
        self.judge(first, y, dy);
    }

    fn begin(&mut self) {
        self.sum = 0.0;
    }
}
