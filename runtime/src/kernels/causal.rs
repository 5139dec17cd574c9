//! One step of a convolution that sees the present and what came before.

use super::{
    cell::{Columns, Lanes, total},
    function::{Apply, Function},
    isa::{Isa, Vector},
};
use crate::scalar::Scalar;

/// The tensors, and what came before: `past` values, the oldest of them at place `oldest`. The bias
/// may be null.
///
/// # Safety
///
/// Whoever makes one sees to it that `weight` leads to a column of `outputs` numbers for each of
/// `inputs / groups · taps`, `bias`, if it is not null, to one, and `past_values` to `past` times
/// `inputs` numbers.
#[derive(Clone, Copy)]
pub(crate) struct Causal<T> {
    pub(crate) weight: *const T,
    pub(crate) bias: *const T,
    pub(crate) past_values: *const T,
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) taps: usize,
    pub(crate) groups: usize,
    pub(crate) past: usize,
    pub(crate) oldest: usize,
    pub(crate) function: Function,
}

impl<T: Scalar> Causal<T> {
    /// Puts `function` of what it makes of `x` and what came before into `y`.
    ///
    /// # Safety
    ///
    /// `x` leads to `inputs` numbers, and `y` to `outputs`.
    #[inline(always)]
    pub(crate) unsafe fn step<I: Isa>(&self, isa: I, x: *const T, y: *mut T) {
        let (inputs, outputs) = (self.inputs / self.groups, self.outputs / self.groups);
        for group in 0..self.groups {
            let mut output = 0;
            while output < outputs {
                let lanes = Lanes::<T::Vector<I>>::first(isa, outputs - output);
                let row = group * outputs + output;
                // SAFETY: the lanes are outputs of the group.
                unsafe {
                    let mut sum = [self.sums(lanes, row, group * inputs, inputs, x)];
                    if self.function != Function::Softmax {
                        self.function.map(isa, &mut sum);
                    }
                    lanes.store(sum[0], y.add(row));
                }
                output += T::Vector::<I>::LANES;
            }
        }
        if self.function == Function::Softmax {
            isa.call(Apply {
                x: y,
                width: self.outputs,
                stride: self.outputs,
                rows: 1,
                function: self.function,
            });
        }
    }

    /// The outputs from `row` on, of so many inputs from number `from` on.
    #[inline(always)]
    unsafe fn sums<V: Vector<Scalar = T>>(
        &self,
        lanes: Lanes<V>,
        row: usize,
        from: usize,
        inputs: usize,
        x: *const T,
    ) -> V {
        let mut sums = [[V::splat(lanes.isa, T::ZERO)]; 4];
        // SAFETY: by the caller; what came before is at a place below `past`.
        unsafe {
            if !self.bias.is_null() {
                sums[0] = [lanes.load(self.bias.add(row))];
            }
            for tap in 0..self.taps {
                let x = if tap + 1 == self.taps {
                    x
                } else {
                    let place = self.oldest + tap * (self.past / (self.taps - 1));
                    let place = if place < self.past {
                        place
                    } else {
                        place - self.past
                    };
                    self.past_values.add(place * self.inputs)
                };
                let columns = Columns {
                    first: self.weight.add(tap * inputs * self.outputs + row),
                    stride: self.outputs,
                    gate: 0,
                };
                columns.add::<_, 1, 4, false>(lanes, &mut sums, x.add(from), inputs);
            }
        }
        let [sum] = total(sums);
        sum
    }
}
