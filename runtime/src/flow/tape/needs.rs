//! How much memory a block of samples needs, and of how many samples it is.

use core::mem::MaybeUninit;

use crate::{
    flow::{
        batch_norm::Statistics,
        slots::{LINE, slots, widest},
        standardized,
    },
    layer::Layer,
    parameters::layout::Layout,
    value::Value,
};

/// A few samples more than stay in the first-level cache: they share what each call costs, and give a weight's
/// gradient enough samples at a time.
const CACHE: usize = if cfg!(feature = "std") { 64 } else { 4 } << 10;

/// The bytes of the largest block that is made for them.
const MOST: usize = if cfg!(feature = "std") { 192 } else { 4 } << 10;

/// So many samples are enough.
const ENOUGH: usize = 64;

/// What a step needs for the values and gradients between the layers, for a block of samples.
#[derive(Clone, Copy)]
pub(super) struct Needs {
    /// Bytes on the tape, for each sample.
    pub(super) tape: usize,
    /// Values on the tape, of which each begins a cache line.
    pub(super) values: usize,
    /// Bytes in each slot, for each sample.
    pub(super) slot: usize,
    pub(super) slots: usize,
    /// Features whose statistics over the batch are taken.
    pub(super) features: usize,
}

impl Needs {
    pub(super) const fn of<X: Value, L: Layer<X>>(input: bool) -> Self {
        let (tape, values) = given(&L::LAYOUT, size_of::<X::Scalar>());
        let widest = widest::<X, L>();
        Self {
            tape,
            values: values + 1,
            slot: if input && size_of::<X>() > widest {
                size_of::<X>()
            } else {
                widest
            },
            slots: slots::<X, L>(),
            features: standardized(&L::LAYOUT).1,
        }
    }

    /// The bytes of a block.
    pub(super) const fn bytes(&self, samples: usize) -> usize {
        let padding = (self.values + self.slots) * LINE;
        samples * (self.tape + self.slots * self.slot) + padding + self.statistics()
    }

    /// The bytes of the batch's statistics.
    pub(super) const fn statistics(&self) -> usize {
        (self.features * size_of::<Statistics>()).next_multiple_of(LINE)
    }

    /// The most samples that have room.
    const fn fit(&self, bytes: usize) -> usize {
        let each = self.tape + self.slots * self.slot;
        bytes.saturating_sub(self.bytes(0)) / if each == 0 { 1 } else { each }
    }

    /// How many samples go through the network at a time.
    pub(super) const fn block(&self) -> usize {
        let (small, large) = (self.fit(CACHE), self.fit(MOST));
        let enough = if large < ENOUGH { large } else { ENOUGH };
        let block = if small < enough { enough } else { small };
        match block {
            0 => 1,
            // A multiple of the samples in a kernel's tile.
            12.. => block / 12 * 12,
            _ => block,
        }
    }
}

/// The bytes and the number of all values that stages give for one sample.
const fn given(layout: &Layout, scalar: usize) -> (usize, usize) {
    match layout {
        Layout::Tensor(_) => (0, 0),
        Layout::Array { len, item, .. } => {
            let (bytes, values) = given(item, scalar);
            (*len * bytes, *len * values)
        }
        Layout::Struct(fields) => {
            let mut sum = (0, 0);
            let mut rest = *fields;
            while let [field, tail @ ..] = rest {
                if let Some(stage) = field.stage {
                    sum = (sum.0 + stage.outputs.len() * scalar, sum.1 + 1);
                }
                let inside = given(&field.layout, scalar);
                sum = (sum.0 + inside.0, sum.1 + inside.1);
                rest = tail;
            }
            sum
        }
    }
}

/// The bytes that a step needs beside the network and the gradient.
#[must_use]
pub const fn bytes<X: Value, L: Layer<X>>() -> usize {
    let needs = Needs::of::<X, L>(false);
    needs.bytes(needs.block())
}

/// Room for the values and the gradients of a block.
#[repr(C, align(64))]
pub struct Room<const BYTES: usize>(MaybeUninit<[u8; BYTES]>);

/// A [`Room`] of whatever size.
pub trait AnyRoom {
    /// Its bytes.
    const BYTES: usize;
    /// Nothing is in it.
    fn new() -> Self;
    /// Where it begins.
    fn as_mut_ptr(&mut self) -> *mut u8;
}

impl<const BYTES: usize> AnyRoom for Room<BYTES> {
    const BYTES: usize = BYTES;
    #[inline(always)]
    fn new() -> Self {
        Self(MaybeUninit::uninit())
    }
    #[inline(always)]
    fn as_mut_ptr(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }
}
