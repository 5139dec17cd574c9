//! The one loop that all products are made of.

use super::Tile;
use crate::{
    kernels::isa::{Isa, Vector},
    scalar::Scalar,
};

/// y[:, c] += Σᵢ A[:, i] · b(i, c), with each i a term. A forward pass has weights for A and inputs
/// for b; with other strides it is the product of a transposed matrix, or of two batches.
#[derive(Clone, Copy)]
pub(in crate::kernels) struct Product<T> {
    /// A's first column.
    pub(in crate::kernels) a: *const T,
    /// How far it is from one column of A to the next.
    pub(in crate::kernels) a_next: usize,
    /// b(0, 0)
    pub(in crate::kernels) b: *const T,
    /// How far it is from b(i, c) to b(i + 1, c).
    pub(in crate::kernels) b_next: usize,
    /// How far it is from b(i, c) to b(i, c + 1).
    pub(in crate::kernels) b_column: usize,
    /// How many terms there are.
    pub(in crate::kernels) terms: usize,
}

impl<T: Scalar> Product<T> {
    /// The same for the columns of y from `c` on.
    ///
    /// # Safety
    ///
    /// There are so many.
    #[inline(always)]
    pub(in crate::kernels) unsafe fn from(self, c: usize) -> Self {
        // SAFETY: by the caller.
        let b = unsafe { self.b.add(c * self.b_column) };
        Self { b, ..self }
    }

    /// Adds the rows of a tile, in `C` columns.
    ///
    /// # Safety
    ///
    /// A has the rows of the tile, b has `C` columns, and both have so many terms.
    #[inline(always)]
    pub(in crate::kernels) unsafe fn add_to<V, const R: usize, const C: usize, const FULL: bool>(
        self,
        isa: V::Isa,
        tile: Tile<V, R, FULL>,
        y: &mut [[V; R]; C],
    ) where
        V: Vector<Scalar = T>,
    {
        let column = self.b_column;
        if const { R == 1 && C == 12 } && column == 1 {
            // SAFETY: by the caller.
            return unsafe { self.add_neighbours(isa, tile, y) };
        }
        let (mut a, mut b) = (self.a, [self.b; 4]);
        for (third, b) in b.iter_mut().enumerate() {
            *b = opaque(b.wrapping_add(3 * third * column));
        }
        for _ in 0..self.terms {
            // SAFETY: by the caller.
            unsafe {
                let vectors = tile.load(a);
                for (c, y) in y.iter_mut().enumerate() {
                    let b = V::splat(isa, *b[c / 3].add(c % 3 * column));
                    for (y, a) in y.iter_mut().zip(vectors) {
                        *y = a.mul_add(b, *y);
                    }
                }
                a = a.add(self.a_next);
                for b in &mut b {
                    // As a sum for each column they would be more addresses than there are registers.
                    *b = opaque(b.wrapping_add(self.b_next));
                }
            }
        }
    }

    /// The same where `b`'s columns are neighbours, as in the gradient of a weight: one address leads to all
    /// of them.
    ///
    /// # Safety
    ///
    /// As of `add_to`.
    #[inline(always)]
    unsafe fn add_neighbours<V, const R: usize, const C: usize, const FULL: bool>(
        self,
        isa: V::Isa,
        tile: Tile<V, R, FULL>,
        y: &mut [[V; R]; C],
    ) where
        V: Vector<Scalar = T>,
    {
        let (mut a, mut b) = (self.a, self.b);
        for _ in 0..self.terms {
            // SAFETY: by the caller.
            unsafe {
                let vectors = tile.load(a);
                for (c, y) in y.iter_mut().enumerate() {
                    let b = V::splat(isa, *b.add(c));
                    for (y, a) in y.iter_mut().zip(vectors) {
                        *y = a.mul_add(b, *y);
                    }
                }
            }
            a = a.wrapping_add(self.a_next);
            b = b.wrapping_add(self.b_next);
        }
    }
}

/// The same in pieces: some terms follow each other, the next ones are somewhere else.
pub(in crate::kernels) struct Walk<T, const C: usize> {
    a: *const T,
    /// An address for each column: with one and a distance, an instruction that multiplies what it reads would
    /// be two for the processor.
    b: [*const T; C],
}

impl<T: Scalar, const C: usize> Walk<T, C> {
    /// Where A's column begins, where b's first one does, and how far it is to b's next one.
    #[inline(always)]
    pub(in crate::kernels) fn new(a: *const T, mut b: *const T, column: usize) -> Self {
        let mut all = [b; C];
        for each in &mut all {
            *each = b;
            b = b.wrapping_add(column);
        }
        Self { a, b: all }
    }

    /// Goes on without a term.
    #[inline(always)]
    pub(in crate::kernels) fn skip(&mut self, a: usize, b: usize) {
        self.a = self.a.wrapping_add(a);
        for each in &mut self.b {
            *each = opaque(each.wrapping_add(b));
        }
    }

    /// Adds a term where each row of A has a b of its own: as many numbers behind each other.
    ///
    /// # Safety
    ///
    /// As of [`Product::add_to`].
    #[inline(always)]
    pub(in crate::kernels) unsafe fn multiply<V, const R: usize, const FULL: bool>(
        &mut self,
        tile: Tile<V, R, FULL>,
        [a_next, b_next]: [usize; 2],
        y: &mut [[V; R]; C],
    ) where
        V: Vector<Scalar = T>,
    {
        // SAFETY: by the caller.
        unsafe {
            let vectors = tile.load(self.a);
            for (b, y) in self.b.iter().zip(y.iter_mut()) {
                let b = tile.load(*b);
                for (y, (a, b)) in y.iter_mut().zip(vectors.into_iter().zip(b)) {
                    *y = a.mul_add(b, *y);
                }
            }
        }
        self.skip(a_next, b_next);
    }

    /// Adds so many terms: each is the next column of A, and the next number of b.
    ///
    /// # Safety
    ///
    /// As of [`Product::add_to`].
    #[inline(always)]
    pub(in crate::kernels) unsafe fn add_to<V, const R: usize, const FULL: bool>(
        &mut self,
        tile: Tile<V, R, FULL>,
        a_next: usize,
        terms: usize,
        y: &mut [[V; R]; C],
    ) where
        V: Vector<Scalar = T>,
    {
        // Where a column of A is masked, too, two at a time take more registers than there may be.
        let pairs = if FULL || V::Isa::WIDE { terms / 2 } else { 0 };
        for _ in 0..pairs {
            // SAFETY: by the caller.
            unsafe { self.add_some::<V, R, 2, FULL>(tile, a_next, y) };
        }
        for _ in 2 * pairs..terms {
            // SAFETY: by the caller.
            unsafe { self.add_some::<V, R, 1, FULL>(tile, a_next, y) };
        }
    }

    /// `N` terms.
    #[inline(always)]
    unsafe fn add_some<V, const R: usize, const N: usize, const FULL: bool>(
        &mut self,
        tile: Tile<V, R, FULL>,
        a_next: usize,
        y: &mut [[V; R]; C],
    ) where
        V: Vector<Scalar = T>,
    {
        for n in 0..N {
            // SAFETY: by the caller.
            unsafe {
                let vectors = tile.load(self.a.wrapping_add(n * a_next));
                for (b, y) in self.b.iter().zip(y.iter_mut()) {
                    let b = V::splat(tile.isa, *b.wrapping_add(n));
                    for (y, a) in y.iter_mut().zip(vectors) {
                        *y = a.mul_add(b, *y);
                    }
                }
            }
        }
        self.skip(N * a_next, N);
    }
}

/// The same pointer, of which the optimiser knows nothing: it would find that each of several is so far
/// from the last, and calculate one from another in every round of a loop.
#[inline(always)]
#[allow(clippy::pointers_in_nomem_asm_block, reason = "nothing is read")]
pub(crate) fn opaque<T>(pointer: *const T) -> *const T {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    {
        let mut hidden = pointer;
        // SAFETY: there is no instruction.
        unsafe {
            core::arch::asm!(
                "/* {0} */",
                inout(reg) hidden,
                options(pure, nomem, nostack, preserves_flags)
            );
        }
        hidden
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    pointer
}

/// Has a line brought to the first-level cache. The address may lead anywhere.
#[inline(always)]
pub(in crate::kernels) fn prefetch<T>(line: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: an address that leads nowhere is passed over, and every such processor has the instruction.
    unsafe {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(line.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = line;
}

/// The same number, of which the optimiser knows nothing, for the same reason.
#[inline(always)]
pub(in crate::kernels) fn hidden(number: usize) -> usize {
    opaque(core::ptr::without_provenance::<u8>(number)).addr()
}
