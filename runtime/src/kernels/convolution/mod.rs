//! `y = function(weight ∗ x + bias)`: convolutions over the places of windows and images.
//!
//! A place's channels are neighbours in memory, and so are the places of a row. What a window sees in a
//! row is one piece, then, and a row of outputs is the product of a matrix with pieces that lie a stride
//! apart: the loop of [`Product`](super::linear::Product). Where there is padding, a few rows at a time are
//! copied with zeros on both sides, but for narrow windows of each channel by itself. Of a value with one
//! channel, and where the outputs fill one register, two rows go together, and a pool of 2×2 right behind is taken
//! before anything is stored.

mod axis;
mod back;
mod channels;
mod depthwise;
mod forward;
mod pairs;
mod planes;
mod rows;

pub(crate) use axis::Axis;
pub use back::ConvolutionBack;

use super::Function;

/// The operands. Sizes are those of whole values, the columns of the weight those of one group: tap by
/// tap, and input by input in each.
///
/// # Safety
///
/// Whoever makes one sees to it that `weight` leads to a column of `outputs` numbers for each tap and
/// each of `inputs / groups`, `bias` to one or is null, `x` to a value, and `y` to room for one, which
/// nothing else refers to; that `groups` divides both; and that no axis is of no places or taps.
#[derive(Clone, Copy)]
pub struct Convolution<T> {
    pub(crate) weight: *const T,
    pub(crate) bias: *const T,
    pub(crate) x: *const T,
    pub(crate) y: *mut T,
    pub(crate) rows: Axis,
    pub(crate) columns: Axis,
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) groups: usize,
    /// How many inputs each output sees in a place, and how many outputs a group has. They are kept, since
    /// a division takes as long as what a few taps see.
    pub(crate) inputs_each: usize,
    pub(crate) outputs_each: usize,
    pub(crate) function: Function,
    /// Whether only the largest of each 2×2 outputs is wanted.
    pub(crate) halves: bool,
    /// As of [`Linear`](super::Linear), for a convolution that is a linear layer of each place.
    pub(crate) ahead: *const T,
}

impl<T> Convolution<T> {
    /// Whether each channel is a group.
    fn is_depthwise(&self) -> bool {
        self.groups > 1 && self.groups == self.inputs && self.inputs == self.outputs
    }

    /// Where the column of a tap and an input of the group is in the weight.
    fn column(&self, [row, column]: [usize; 2], input: usize) -> usize {
        let tap = row * self.columns.taps + column;
        (tap * self.inputs_each + input) * self.outputs
    }

    /// Where a place is in what enters.
    fn from(&self, row: usize, column: usize) -> usize {
        (row * self.columns.size + column) * self.inputs
    }

    /// How many numbers are before what a tap sees, in a row that begins with the padding. Any number where
    /// it sees none.
    fn before(&self, column: usize, tap: usize) -> usize {
        let start = self.columns.start(column);
        let place = start.wrapping_add(tap.wrapping_mul(self.columns.dilation));
        place.wrapping_mul(self.inputs)
    }

    /// How many numbers are between what a tap sees and what the next one does.
    fn between(&self) -> usize {
        let step = self.columns.dilation.wrapping_mul(self.inputs);
        step.wrapping_sub(self.inputs_each)
    }

    /// Where an output is.
    fn to(&self, row: usize, column: usize) -> usize {
        (row * self.columns.outputs + column) * self.outputs
    }
}
