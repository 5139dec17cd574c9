//! Many samples.

use core::mem::MaybeUninit;

use super::{
    Linear, Tile,
    product::{Product, prefetch},
};
use crate::{
    kernels::{
        dispatch::Kernel,
        function::{Apply, Function},
        is_common,
        isa::{Isa, Vector},
    },
    scalar::Scalar,
};

type HalfOf<V> = <<V as Vector>::Isa as Isa>::Half;

/// Room for the weights of a panel, packed.
#[repr(C, align(64))]
pub(in crate::kernels) struct Packed<const BYTES: usize>(
    pub(in crate::kernels) MaybeUninit<[u8; BYTES]>,
);

/// Half of a first-level cache: a panel stays there while the samples pass. It is a multiple of what a
/// panel takes of each input, so that no part of the inputs takes more. It lies on the stack, of which a
/// program without `std` may have little.
pub(in crate::kernels) const PACKED: usize = if cfg!(feature = "std") { 16 } else { 2 } << 10;

/// The bytes of a cache line.
const LINE: usize = 64;

impl<T: Scalar> Linear<T> {
    #[inline(always)]
    pub(super) unsafe fn batch<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        // SAFETY: by the caller.
        unsafe {
            if self.outputs == 1 {
                for sample in 0..self.samples {
                    *self.y.add(sample) = self.dot::<V>(isa, sample);
                }
                // One number after another, they are one row; but softmax is of each sample.
                if !matches!(self.function, Function::Identity | Function::Softmax) {
                    isa.call(Apply {
                        x: self.y,
                        width: self.samples,
                        stride: self.samples,
                        rows: 1,
                        function: self.function,
                    });
                }
            } else {
                isa.call(&Matrix {
                    product: Product {
                        a: self.weight,
                        a_next: self.outputs,
                        b: self.x,
                        b_next: 1,
                        b_column: self.inputs,
                        terms: self.inputs,
                    },
                    bias: self.bias,
                    y: self.y,
                    y_column: self.outputs,
                    rows: self.outputs,
                    columns: self.samples,
                    adds: false,
                    function: self.function,
                    ahead: self.ahead,
                });
            }
            if let Function::Softmax = self.function {
                self.apply(isa, 0, self.outputs, 0, self.samples);
            }
        }
    }
}

/// y = function(bias + A · b), number by number, or y + A · b: a batch, and what backward makes of one.
///
/// # Safety
///
/// Whoever makes one sees to it that the product's pointers lead to `rows` by `terms` and `terms` by
/// `columns` numbers, `bias` to `rows` or is null, and `y` to room for `columns` columns which nothing
/// else refers to.
#[derive(Clone, Copy)]
pub(super) struct Matrix<T> {
    pub(super) product: Product<T>,
    pub(super) bias: *const T,
    pub(super) y: *mut T,
    /// How far it is from one column of y to the next.
    pub(super) y_column: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Whether it is added to what y holds.
    pub(super) adds: bool,
    pub(super) function: Function,
    /// As of [`Linear`].
    pub(super) ahead: *const T,
}

impl<'a, T: Scalar> Kernel for &'a Matrix<T> {
    type Output = ();
    type First = &'a Matrix<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a Matrix<T>, (), (), Function) {
        (self, (), (), self.function)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, matrix: &'a Matrix<T>, (): (), (): (), _: Function) {
        // SAFETY: by whoever made it.
        unsafe {
            if I::WIDE {
                matrix.panels::<T::Vector<I>, 4, 0>(isa);
            } else {
                matrix.panels::<T::Vector<I>, 2, PACKED>(isa);
            }
        }
    }
}

impl<T: Scalar> Matrix<T> {
    /// Panels of `R` vectors of outputs and then fewer, for all samples. A panel whose weights
    /// outgrow the cache goes through the samples once for each part of the inputs.
    #[inline(always)]
    unsafe fn panels<V: Vector<Scalar = T>, const R: usize, const ROOM: usize>(&self, isa: V::Isa) {
        /// Half of a second-level cache, which a panel streams from as fast as it is used. Parts
        /// for the first level would write and read the sums more often, for nothing.
        const CACHE: usize = 256 << 10;
        let panel = R * V::LANES;
        let width = self.rows.min(panel).max(1) * size_of::<T>();
        let packs = ROOM > 0 && self.packs();
        let terms = self.product.terms;
        let cache = if packs { ROOM } else { CACHE };
        let parts = (terms * width).div_ceil(cache);
        // A division takes as long as some samples.
        let part = if parts > 1 {
            terms.div_ceil(parts)
        } else {
            terms
        };
        let mut packed = const { Packed::<ROOM>(MaybeUninit::uninit()) };
        let packed: *mut T = packed.0.as_mut_ptr().cast();
        let mut row = 0;
        while row < self.rows {
            let left = self.rows - row;
            // Of few registers, what is left goes one by one: each tile is code to compile.
            let rows = left.min(if R > 2 || left >= panel {
                panel
            } else {
                V::LANES
            });
            let mut from = 0;
            loop {
                let to = (from + part).min(terms);
                // SAFETY: rows stay below `outputs`, inputs below `inputs`; what is packed has room.
                unsafe {
                    let product = &self.product;
                    let mut a = (product.a.add(from * product.a_next + row), product.a_next);
                    if packs && rows == panel {
                        debug_assert!((to - from) * width <= ROOM, "there is no room");
                        pack::<V, R>(isa, a, packed, to - from);
                        a = (packed, panel);
                    }
                    let part = Part {
                        product: Product {
                            a: a.0,
                            a_next: a.1,
                            b: product.b.add(from * product.b_next),
                            terms: to - from,
                            ..*product
                        },
                        row,
                        rows,
                        is_first: from == 0 && !self.adds,
                        is_last: to == terms,
                    };
                    self.part_by_size::<V, R>(isa, &part);
                }
                from = to;
                if from >= terms {
                    break;
                }
            }
            row += rows;
        }
        if self.function.is_long() && self.is_little() {
            isa.call(Apply {
                x: self.y,
                width: self.rows,
                stride: self.y_column,
                rows: self.columns,
                function: self.function,
            });
        }
    }

    /// Whether y is still in the first-level cache when all of it is there, so that a function is applied to
    /// everything at once.
    #[inline(always)]
    fn is_little(&self) -> bool {
        self.columns * self.y_column * size_of::<T>() <= PACKED
    }

    /// Whether it pays to copy a panel's weights to one place: columns far from one another take
    /// more of a cache than they fill, and their copy serves all samples.
    #[inline(always)]
    fn packs(&self) -> bool {
        self.product.terms * self.rows * size_of::<T>() > 2 * PACKED && self.columns >= 24
    }

    /// A part with a tile that has room for its rows.
    #[inline(always)]
    unsafe fn part_by_size<V: Vector<Scalar = T>, const R: usize>(
        &self,
        isa: V::Isa,
        part: &Part<T>,
    ) {
        let rows = part.rows;
        if rows >= R * V::LANES {
            isa.call(Panel::<T, R, 6, true>(self, part));
        } else if const { R > 3 } && rows > 3 * V::LANES {
            isa.call(Panel::<T, 4, 6, false>(self, part));
        } else if const { R > 2 } && rows > 2 * V::LANES {
            isa.call(Panel::<T, 3, 6, false>(self, part));
        } else if const { R > 2 } && rows > V::LANES {
            isa.call(Panel::<T, 2, 12, false>(self, part));
        } else if const { !is_common::<T>() } || rows > <T::Vector<HalfOf<V>> as Vector>::LANES {
            isa.call(Panel::<T, 1, 12, false>(self, part));
        } else {
            isa.half().call(Panel::<T, 1, 12, false>(self, part));
        }
    }

    /// All samples, `C` at a time, and then fewer.
    #[inline(always)]
    unsafe fn part<V, const R: usize, const C: usize, const FULL: bool>(
        &self,
        isa: V::Isa,
        part: &Part<T>,
    ) where
        V: Vector<Scalar = T>,
    {
        let tile = Tile::<V, R, FULL>::new(isa, part.rows);
        // SAFETY: by the caller.
        unsafe {
            let mut sample = self.tiles_of::<V, R, C, FULL>(isa, tile, part, 0);
            if const { C > 8 } {
                sample = self.tiles_of::<V, R, 8, FULL>(isa, tile, part, sample);
            }
            sample = self.tiles_of::<V, R, 4, FULL>(isa, tile, part, sample);
            sample = self.tiles_of::<V, R, 2, FULL>(isa, tile, part, sample);
            self.tiles_of::<V, R, 1, FULL>(isa, tile, part, sample);
        }
    }

    /// `R` vectors of outputs of `C` samples, as often as there are so many from `sample` on. The
    /// next sample comes back.
    #[inline(always)]
    unsafe fn tiles_of<V, const R: usize, const C: usize, const FULL: bool>(
        &self,
        isa: V::Isa,
        tile: Tile<V, R, FULL>,
        part: &Part<T>,
        mut sample: usize,
    ) -> usize
    where
        V: Vector<Scalar = T>,
    {
        // SAFETY: by the caller, and samples stay below `columns`.
        unsafe {
            while sample + C <= self.columns {
                let at = sample * self.y_column + part.row;
                let y = self.y.add(at);
                let mut sums = [[V::splat(isa, T::ZERO); R]; C];
                if !part.is_first {
                    for (c, sums) in sums.iter_mut().enumerate() {
                        *sums = tile.load(y.add(c * self.y_column));
                    }
                } else if !self.bias.is_null() {
                    sums = [tile.load(self.bias.add(part.row)); C];
                }
                part.product.from(sample).add_to(isa, tile, &mut sums);
                if part.is_last {
                    self.function.map_short(isa, &mut sums);
                }
                for (c, sums) in sums.iter().enumerate() {
                    let at = at + c * self.y_column;
                    // A line for each that is stored: prefetched all at once they would queue up, and the stores
                    // behind them. Large tiles alone do it: it is much code for each.
                    let is_large = const { C >= 6 && is_common::<T>() };
                    if is_large && part.is_last && !self.ahead.is_null() {
                        for i in (0..R * V::LANES).step_by(const { LINE / size_of::<T>() }) {
                            prefetch(self.ahead.wrapping_add(at + i));
                        }
                    }
                    tile.store(sums, self.y.add(at));
                }
                if part.is_last && self.function.is_long() && !self.is_little() {
                    isa.call(Apply {
                        x: y,
                        width: part.rows,
                        stride: self.y_column,
                        rows: C,
                        function: self.function,
                    });
                }
                sample += C;
            }
        }
        sample
    }
}

/// A panel of outputs, and the inputs that are added at a time.
struct Part<T> {
    product: Product<T>,
    row: usize,
    rows: usize,
    is_first: bool,
    is_last: bool,
}

/// A part by tiles of `R` vectors and `C` samples. Each is a function of its own: the time to compile one
/// grows faster than its length.
struct Panel<'a, T, const R: usize, const C: usize, const FULL: bool>(&'a Matrix<T>, &'a Part<T>);

impl<'a, T: Scalar, const R: usize, const C: usize, const FULL: bool> Kernel
    for Panel<'a, T, R, C, FULL>
{
    type Output = ();
    type First = &'a Matrix<T>;
    type Second = &'a Part<T>;
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a Matrix<T>, &'a Part<T>, (), Function) {
        (self.0, self.1, (), self.0.function)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, matrix: &'a Matrix<T>, part: &'a Part<T>, (): (), _: Function) {
        // SAFETY: by whoever made them.
        unsafe { matrix.part::<T::Vector<I>, R, C, FULL>(isa, part) };
    }
}

/// Copies `count` columns of `R` vectors, which are some numbers apart, to one place.
///
/// # Safety
///
/// They can be read, and `to` has room for them.
#[inline(always)]
unsafe fn pack<V: Vector, const R: usize>(
    isa: V::Isa,
    (from, step): (*const V::Scalar, usize),
    to: *mut V::Scalar,
    count: usize,
) {
    for column in 0..count {
        for i in 0..R {
            // SAFETY: by the caller.
            unsafe {
                let vector = V::load(isa, from.add(column * step + i * V::LANES));
                vector.store(to.add((column * R + i) * V::LANES));
            }
        }
    }
}
