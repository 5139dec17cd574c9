//! Where windows find the rows of a value.

use core::{mem::MaybeUninit, ops::Range};

use super::Convolution;
use crate::{kernels::isa::Vector, scalar::Scalar};

/// How many numbers rows may be copied to.
const COPIED: usize = if cfg!(feature = "std") { 8192 } else { 1024 };

/// The fewest outputs side by side that are calculated together.
pub(super) const FEWEST: usize = 4;

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
    pub(super) fn zeros<V: Vector<Scalar = T>>(
        &mut self,
        isa: V::Isa,
        len: usize,
    ) -> Option<*mut T> {
        if len > COPIED {
            return None;
        }
        let to: *mut T = self.0.as_mut_ptr().cast();
        // SAFETY: so many numbers are there.
        unsafe { fill::<V>(isa, to, len) };
        Some(to)
    }
}

/// The rows of a value as windows see them: in the value itself, or in copies of some rows with zeros on both
/// sides. With all of their taps at hand, outputs at the edges are calculated with their neighbours.
pub(super) struct Rows<T> {
    /// Where the first place of the padding would be, in the first row that is there.
    first: *const T,
    /// How far it is from one row to the next.
    next: usize,
    /// The columns of which each tap is there.
    inside: Range<usize>,
    copies: Option<Copies<T>>,
}

/// Which rows are copied.
struct Copies<T> {
    to: *mut T,
    /// How many rows there is room for.
    most: usize,
    /// How many numbers of a row windows see.
    len: usize,
}

/// Some rows of outputs, and where their windows see the value.
pub(super) struct Block<T> {
    /// The rows of outputs.
    pub(super) rows: Range<usize>,
    /// Where the first place of the padding would be, in the first row of the value.
    first: *const T,
    /// How far it is from one row to the next.
    next: usize,
    /// The columns of which each tap is there.
    inside: Range<usize>,
}

/// What the windows of a row of outputs see.
pub(super) struct Seen<T> {
    /// Where the first place of the padding would be, in the first row.
    pub(super) first: *const T,
    /// How far it is from one row to the next.
    pub(super) next: usize,
    /// The row of outputs.
    pub(super) row: usize,
    /// The taps that see rows of the value.
    pub(super) taps: Range<usize>,
    /// The columns of which each tap is there.
    pub(super) inside: Range<usize>,
}

impl<T: Scalar> Block<T> {
    /// What a row sees.
    #[inline(always)]
    pub(super) fn seen(&self, of: &Convolution<T>, row: usize) -> Seen<T> {
        let taps = of.rows.taps_at(row);
        let place = if taps.is_empty() {
            0
        } else {
            of.rows.place(row, taps.start)
        };
        Seen {
            first: self.first.wrapping_add(place * self.next),
            next: self.next,
            row,
            taps,
            inside: self.inside.clone(),
        }
    }
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
        let is_whole = inside == (0..of.columns.outputs);
        let copies = if is_whole || of.columns.outputs < FEWEST {
            None
        } else {
            Self::copied::<V>(isa, of, scratch)
        };
        copies.unwrap_or_else(|| Self {
            first: of
                .x
                .wrapping_sub(of.columns.padding.wrapping_mul(of.inputs)),
            next: of.columns.size * of.inputs,
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
        let next = width.saturating_mul(of.inputs).max(1);
        // Several times what a window sees: the last rows of a block are copied for the next one again.
        let reach = of.rows.reach();
        let most = reach.saturating_mul(4).min(COPIED / next);
        let most = most.max(reach).min(of.rows.size);
        let first = scratch.zeros::<V>(isa, next.saturating_mul(most))?;
        let padding = of.columns.padding;
        Some(Self {
            first,
            next,
            inside: 0..of.columns.outputs,
            copies: Some(Copies {
                to: first.wrapping_add(padding.wrapping_mul(of.inputs)),
                most,
                len: of.columns.size.min(width.saturating_sub(padding)) * of.inputs,
            }),
        })
    }

    /// The next rows of outputs, from this one on.
    ///
    /// # Safety
    ///
    /// As of [`Convolution`], which is that of [`new`](Self::new).
    #[inline(always)]
    pub(super) unsafe fn block<V: Vector<Scalar = T>>(
        &mut self,
        isa: V::Isa,
        of: &Convolution<T>,
        row: usize,
    ) -> Block<T> {
        let (mut rows, mut first) = (row..of.rows.outputs, self.first);
        if let Some(copies) = &self.copies {
            // The next rows may see places before the first that this one sees: some of a dilated window's are
            // passed over.
            let start = of.rows.start(row).saturating_sub(of.rows.padding);
            let start = start.min(of.rows.size);
            let end = of.rows.size.min(start + copies.most);
            let mut to = copies.to;
            for row in start..end {
                // SAFETY: the row is one of the value, and there is room for it.
                unsafe { copy::<V>(isa, of.x.add(of.from(row, 0)), to, copies.len) };
                to = to.wrapping_add(self.next);
            }
            first = first.wrapping_sub(start * self.next);
            rows.end = row + 1;
            while rows.end < of.rows.outputs && of.rows.sees_below(rows.end, end) {
                rows.end += 1;
            }
        }
        Block {
            rows,
            first,
            next: self.next,
            inside: self.inside.clone(),
        }
    }
}

/// Copies `len` numbers.
#[inline(always)]
pub(super) unsafe fn copy<V: Vector>(
    isa: V::Isa,
    from: *const V::Scalar,
    to: *mut V::Scalar,
    len: usize,
) {
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
