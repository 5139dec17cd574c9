//! Where windows find the rows of a value.

use core::{mem::MaybeUninit, ops::Range};

use super::Convolution;
use crate::{kernels::isa::Vector, scalar::Scalar};

/// How many numbers rows may be copied to.
const COPIED: usize = if cfg!(feature = "std") { 8192 } else { 1024 };

/// Of how few numbers all rows are copied before the first is read.
const FEW: usize = 2048;

/// A place for copies, on the stack.
#[repr(align(64))]
pub(super) struct Scratch<T>([MaybeUninit<T>; COPIED]);

impl<T: Scalar> Scratch<T> {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self([MaybeUninit::uninit(); COPIED])
    }

    /// So many zeros, if there is room.
    #[inline(always)]
    pub(super) fn zeros<V: Vector<Scalar = T>>(&mut self, isa: V::Isa, len: usize) -> Option<*mut T> {
        if len > COPIED {
            return None;
        }
        let to: *mut T = self.0.as_mut_ptr().cast();
        // SAFETY: so many numbers are there.
        unsafe { fill::<V>(isa, to, len) };
        Some(to)
    }
}

/// The rows of a value as windows see them: in the value itself, or in copies with zeros on both sides,
/// of which only as many are kept as one window sees. With all of their taps at hand, outputs at the
/// edges are calculated with their neighbours.
pub(super) struct Rows<T> {
    /// Where the first place of the padding would be, in the first row.
    first: *const T,
    /// How far it is from one row to the next.
    next: usize,
    /// How many rows there are before the first one's place is used again.
    count: usize,
    /// The columns of which each tap is there.
    inside: Range<usize>,
    copies: Option<Copies<T>>,
}

/// Which rows are copied.
struct Copies<T> {
    to: *mut T,
    /// The first row that isn't copied yet, and its place.
    row: usize,
    place: usize,
    /// How many numbers of a row windows see.
    len: usize,
}

/// What the windows of a row of outputs see.
pub(super) struct Seen<T> {
    rows: *const T,
    next: usize,
    count: usize,
    /// The row of outputs.
    pub(super) row: usize,
    /// The taps that see rows of the value.
    pub(super) taps: Range<usize>,
    /// What the first of them sees: for [`place`](Self::place).
    pub(super) first: usize,
    /// The columns of which each tap is there.
    pub(super) inside: Range<usize>,
}

impl<T: Scalar> Rows<T> {
    /// Copies nothing yet.
    ///
    /// # Safety
    ///
    /// As of [`Convolution`].
    #[inline(always)]
    pub(super) unsafe fn new<V: Vector<Scalar = T>>(
        isa: V::Isa,
        of: &Convolution<T>,
        scratch: &mut Scratch<T>,
    ) -> Self {
        let inside = of.columns.inside();
        let copies = if inside == (0..of.columns.outputs) {
            None
        } else {
            Self::copied::<V>(isa, of, scratch)
        };
        copies.unwrap_or_else(|| Self {
            first: of
                .x
                .wrapping_sub(of.columns.padding.wrapping_mul(of.inputs)),
            next: of.columns.size * of.inputs,
            count: usize::MAX,
            inside,
            copies: None,
        })
    }

    /// Copies with zeros on both sides.
    #[inline(always)]
    fn copied<V: Vector<Scalar = T>>(
        isa: V::Isa,
        of: &Convolution<T>,
        scratch: &mut Scratch<T>,
    ) -> Option<Self> {
        let width = of.columns.width();
        let next = width.saturating_mul(of.inputs);
        // What was just written is slow to read: if all rows are few numbers, none waits for its copy.
        let count = if next.saturating_mul(of.rows.size) <= FEW {
            of.rows.size
        } else {
            of.rows.reach().min(of.rows.size)
        };
        let first = scratch.zeros::<V>(isa, next.saturating_mul(count))?;
        let padding = of.columns.padding;
        Some(Self {
            first,
            next,
            count,
            inside: 0..of.columns.outputs,
            copies: Some(Copies {
                to: first.wrapping_add(padding.wrapping_mul(of.inputs)),
                row: 0,
                place: 0,
                len: of.columns.size.min(width.saturating_sub(padding)) * of.inputs,
            }),
        })
    }

    /// What a row of outputs sees; rows are asked for in their order.
    ///
    /// # Safety
    ///
    /// As of [`Convolution`], which is that of [`new`](Self::new).
    #[inline(always)]
    pub(super) unsafe fn seen<V: Vector<Scalar = T>>(
        &mut self,
        isa: V::Isa,
        of: &Convolution<T>,
        row: usize,
    ) -> Seen<T> {
        let taps = of.rows.taps_at(row);
        let mut first = 0;
        if !taps.is_empty() {
            first = of.rows.place(row, taps.start);
            if let Some(copies) = &mut self.copies {
                let end = if self.count == of.rows.size {
                    self.count
                } else {
                    of.rows.place(row, taps.end - 1) + 1
                };
                while copies.row < end {
                    let to = copies.to.wrapping_add(copies.place * self.next);
                    // SAFETY: the row is one of the value, and there is room for it.
                    unsafe { copy::<V>(isa, of.x.add(of.from(copies.row, 0)), to, copies.len) };
                    copies.row += 1;
                    copies.place = if copies.place + 1 == self.count {
                        0
                    } else {
                        copies.place + 1
                    };
                }
                let behind = copies.row - first;
                first = if copies.place >= behind {
                    copies.place - behind
                } else {
                    copies.place + self.count - behind
                };
            }
        }
        Seen {
            rows: self.first,
            next: self.next,
            count: self.count,
            row,
            taps,
            first,
            inside: self.inside.clone(),
        }
    }
}

impl<T> Seen<T> {
    /// The place so many numbers behind the first one of a row.
    #[inline(always)]
    pub(super) fn place(&self, row: usize, before: usize) -> *const T {
        self.rows
            .wrapping_add((row * self.next).wrapping_add(before))
    }

    /// How many numbers it is to the row so many behind, from where one has come in this one; the same where
    /// that row's place is before.
    #[inline(always)]
    pub(super) fn steps(&self, rows: usize, come: usize) -> [usize; 2] {
        let on = rows.wrapping_mul(self.next).wrapping_sub(come);
        [on, on.wrapping_sub(self.count.wrapping_mul(self.next))]
    }

    /// The row so many behind.
    #[inline(always)]
    pub(super) fn after(&self, row: usize, step: usize) -> usize {
        let next = row.wrapping_add(step);
        if next >= self.count {
            next - self.count
        } else {
            next
        }
    }
}

/// Copies `len` numbers.
#[inline(always)]
pub(super) unsafe fn copy<V: Vector>(isa: V::Isa, from: *const V::Scalar, to: *mut V::Scalar, len: usize) {
    let mut at = 0;
    // SAFETY: by the caller.
    unsafe {
        while at + V::LANES <= len {
            V::load(isa, from.add(at)).store(to.add(at));
            at += V::LANES;
        }
        if at < len && len >= V::LANES {
            // Some of those before it once more.
            at = len - V::LANES;
            V::load(isa, from.add(at)).store(to.add(at));
        } else if at < len {
            let mask = V::mask(isa, len - at);
            V::load_partial(isa, from.add(at), mask).store_first(isa, to.add(at), len - at);
        }
    }
}

/// Makes `len` numbers zero.
#[inline(always)]
unsafe fn fill<V: Vector>(isa: V::Isa, to: *mut V::Scalar, len: usize) {
    let zero = V::splat(isa, V::Scalar::ZERO);
    let mut at = 0;
    // SAFETY: by the caller.
    unsafe {
        while at + V::LANES <= len {
            zero.store(to.add(at));
            at += V::LANES;
        }
        if at < len {
            zero.store_partial(to.add(at), V::mask(isa, len - at));
        }
    }
}
