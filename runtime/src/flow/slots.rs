//! A few places in memory, of which each holds a value of every sample of a block.
#![allow(unsafe_code, reason = "a slot is a part of a buffer")]

use core::{cell::Cell, marker::PhantomData, mem, ptr};

use crate::{layer::Layer, parameters::layout::Layout, value::Value};

/// The slots of the inputs, which are not written to, and of the outputs.
pub(super) const INPUT: u8 = 16;
pub(super) const OUTPUT: u8 = 15;
/// The slot of what nobody reads.
pub(super) const NOWHERE: u8 = 17;

/// How many read each slot, in a byte each.
pub(super) type Readers = Cell<u128>;

/// Where a value is, of which whoever has this is a reader. Dropped, it is one less.
pub(crate) struct Handle<'f, X> {
    pub(super) at: *mut u8,
    pub(super) slot: u8,
    readers: &'f Readers,
    value: PhantomData<X>,
}

const fn one(slot: u8) -> u128 {
    1 << (8 * slot)
}

impl<X> Drop for Handle<'_, X> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.slot < INPUT {
            self.readers.set(self.readers.get() - one(self.slot));
        }
    }
}

impl<X> Handle<'_, X> {
    /// Whether nobody else reads the value, so that it may be changed.
    #[inline(always)]
    pub(super) fn is_last(&self) -> bool {
        self.slot < INPUT && (self.readers.get() >> (8 * self.slot)) as u8 == 1
    }
}

/// A stage reads some slots and writes another; of every slot it is known how many will read it. All of
/// that is known when the program is compiled, and folds to addresses.
pub(super) struct Slots<'f> {
    pub(super) samples: usize,
    pub(super) readers: &'f Readers,
    pub(super) buffer: *mut u8,
    pub(super) count: usize,
    /// The bytes of each slot.
    pub(super) stride: usize,
    /// Where the last value goes, if it may.
    pub(super) output: *mut u8,
    /// Bytes for each sample there.
    pub(super) output_size: usize,
    /// Whether the first value of so many bytes goes into a slot: [`is_missed`].
    pub(super) waits: bool,
}

/// Whether the last of several convolutions whose values take so many bytes would miss the place of the outputs:
/// they go to and fro between it and a slot.
pub(super) const fn is_missed(layout: &Layout, scalar: usize, bytes: usize) -> bool {
    let count = convolutions(layout, scalar, bytes);
    count > 0 && count.is_multiple_of(2)
}

const fn convolutions(layout: &Layout, scalar: usize, bytes: usize) -> usize {
    match layout {
        Layout::Tensor(_) => 0,
        Layout::Array { len, item, .. } => *len * convolutions(item, scalar, bytes),
        Layout::Struct(fields) => {
            let mut count = 0;
            let mut rest = *fields;
            while let [field, tail @ ..] = rest {
                count += convolutions(&field.layout, scalar, bytes);
                if let Some(stage) = field.stage
                    && stage.is_convolution()
                    && stage.outputs.len() * scalar == bytes
                {
                    count += 1;
                }
                rest = tail;
            }
            count
        }
    }
}

impl<'f> Slots<'f> {
    #[inline(always)]
    pub(super) fn handle<X>(&self, at: *mut u8, slot: u8) -> Handle<'f, X> {
        if slot < INPUT {
            self.readers.set(self.readers.get() + one(slot));
        }
        Handle {
            at,
            slot,
            readers: self.readers,
            value: PhantomData,
        }
    }

    /// A place for an `X` of each sample.
    #[inline(always)]
    pub(super) fn take<X: Value>(&mut self) -> Handle<'f, X> {
        let readers = |slot: u8| (self.readers.get() >> (8 * slot)) as u8;
        let is_free = |slot| readers(slot) == 0;
        let size = size_of::<X>();
        let is_last = size == self.output_size && is_free(OUTPUT);
        if is_last && !mem::take(&mut self.waits) {
            return self.handle(self.output, OUTPUT);
        }
        let mut slot = 0;
        while usize::from(slot) < self.count && !is_free(slot) {
            slot += 1;
        }
        // By what layers say of themselves, no more values are alive, and none is larger.
        assert!(usize::from(slot) < self.count, "a layer keeps more values");
        debug_assert!(self.samples * size <= self.stride, "a stage gives more");
        // SAFETY: the buffer has all slots.
        let at = unsafe { self.buffer.add(usize::from(slot) * self.stride) };
        self.handle(at, slot)
    }

    /// The same value in a place that nobody else reads.
    #[inline(always)]
    pub(super) fn own<X: Value>(&mut self, x: Handle<'f, X>) -> Handle<'f, X> {
        if x.is_last() {
            return x;
        }
        let y = self.take::<X>();
        // SAFETY: both have `samples` values, in different places.
        unsafe { ptr::copy_nonoverlapping(x.at.cast::<X>(), y.at.cast::<X>(), self.samples) };
        y
    }
}

/// How many values are alive at once: what a stage reads, what it writes, and what combinators keep.
pub(super) const fn slots<X: Value, L: Layer<X>>() -> usize {
    let slots = 2 + L::LAYOUT.held();
    assert!(
        slots <= OUTPUT as usize,
        "branches are nested too deeply: more than 15 values would be alive at once"
    );
    slots
}

/// The bytes of each of so many slots. A vector that crosses cache lines takes twice as long.
pub(super) const fn stride(bytes: usize, slots: usize) -> usize {
    bytes / slots / LINE * LINE
}

/// The bytes of a cache line.
pub(super) const LINE: usize = 64;

/// The bytes of all slots for one sample.
pub(super) const fn room<X: Value, L: Layer<X>>() -> usize {
    slots::<X, L>() * widest::<X, L>().next_multiple_of(LINE)
}

/// The bytes of the largest value between two stages, or at the end.
pub(super) const fn widest<X: Value, L: Layer<X>>() -> usize {
    wider(
        &L::LAYOUT,
        size_of::<X::Scalar>(),
        if size_of::<L::Output>() == 0 {
            1
        } else {
            size_of::<L::Output>()
        },
    )
}

/// `least`, or the bytes of the largest value that a stage gives.
const fn wider(layout: &Layout, scalar: usize, least: usize) -> usize {
    let mut widest = least;
    match layout {
        Layout::Tensor(_) => {}
        Layout::Array { item, .. } => widest = wider(item, scalar, widest),
        Layout::Struct(fields) => {
            let mut rest = *fields;
            while let [field, tail @ ..] = rest {
                if let Some(stage) = field.stage
                    && stage.outputs.len() * scalar > widest
                {
                    widest = stage.outputs.len() * scalar;
                }
                widest = wider(&field.layout, scalar, widest);
                rest = tail;
            }
        }
    }
    widest
}
