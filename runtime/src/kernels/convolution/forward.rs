//! The way there.

use core::ops::Range;

use super::Convolution;
use crate::{
    kernels::{
        dispatch::Kernel,
        function::{Apply, Function},
        isa::{Isa, Vector},
        linear::{Product, Tile},
    },
    scalar::Scalar,
};

impl<'a, T: Scalar> Kernel for &'a Convolution<T> {
    type Output = ();
    type First = &'a Convolution<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a Convolution<T>, (), (), Function) {
        (self, (), (), self.function)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, operands: &'a Convolution<T>, (): (), (): (), _: Function) {
        // SAFETY: the operands are what the type says.
        unsafe {
            if operands.is_depthwise() {
                operands.each_channel::<T::Vector<I>>(isa);
            } else {
                for group in 0..operands.groups {
                    operands.group::<T::Vector<I>>(isa, group);
                }
            }
            if operands.function.is_left() {
                isa.call(Apply {
                    x: operands.y,
                    width: operands.outputs,
                    stride: operands.outputs,
                    rows: operands.rows.outputs * operands.columns.outputs,
                    function: operands.function,
                });
            }
        }
    }
}

impl<T: Scalar> Convolution<T> {
    /// The outputs of a group, as many at a time as a tile has.
    #[inline(always)]
    unsafe fn group<V: Vector<Scalar = T>>(&self, isa: V::Isa, group: usize) {
        let each = self.outputs_each;
        let (first, end) = (group * each, (group + 1) * each);
        let mut row = first;
        // SAFETY: rows stay below the group's end.
        unsafe {
            while row < end {
                let left = end - row;
                if V::Isa::WIDE && left >= 4 * V::LANES {
                    self.panel::<V, 4, true>(isa, group, row, 4 * V::LANES);
                    row += 4 * V::LANES;
                } else if left >= 2 * V::LANES {
                    self.panel::<V, 2, true>(isa, group, row, 2 * V::LANES);
                    row += 2 * V::LANES;
                } else {
                    let rows = left.min(V::LANES);
                    self.panel::<V, 1, false>(isa, group, row, rows);
                    row += rows;
                }
            }
        }
    }

    /// `R` vectors of outputs, everywhere.
    #[inline(always)]
    unsafe fn panel<V: Vector<Scalar = T>, const R: usize, const FULL: bool>(
        &self,
        isa: V::Isa,
        group: usize,
        first: usize,
        count: usize,
    ) {
        let tile = Tile::<V, R, FULL>::new(isa, count);
        let inside = self.columns.inside();
        for row in 0..self.rows.outputs {
            let piece = Piece {
                group,
                first,
                row,
                taps: self.rows.taps_at(row),
            };
            // SAFETY: columns stay below those of the outputs; of those inside, each tap is there.
            unsafe {
                let mut column = 0;
                while column < self.columns.outputs {
                    if inside.contains(&column) {
                        column = inside.end;
                        continue;
                    }
                    let taps = self.columns.taps_at(column);
                    self.tile::<V, R, 1, FULL>(tile, &piece, column, &taps);
                    column += 1;
                }
                self.run_of::<V, R, FULL>(tile, &piece, inside.clone());
            }
        }
    }

    /// Outputs side by side, a few at a time. What is left at the end is calculated with some of those
    /// before it once more.
    #[inline(always)]
    unsafe fn run_of<V: Vector<Scalar = T>, const R: usize, const FULL: bool>(
        &self,
        tile: Tile<V, R, FULL>,
        piece: &Piece,
        inside: Range<usize>,
    ) {
        let count = inside.len();
        // SAFETY: by the caller.
        unsafe {
            // Few sizes of tiles: each is code to compile.
            if R == 1 && count >= 8 {
                self.tiles::<V, R, 8, FULL>(tile, piece, inside);
            } else if count >= 4 {
                self.tiles::<V, R, 4, FULL>(tile, piece, inside);
            } else {
                self.tiles::<V, R, 1, FULL>(tile, piece, inside);
            }
        }
    }

    #[inline(always)]
    unsafe fn tiles<V, const R: usize, const C: usize, const FULL: bool>(
        &self,
        tile: Tile<V, R, FULL>,
        piece: &Piece,
        inside: Range<usize>,
    ) where
        V: Vector<Scalar = T>,
    {
        let mut column = inside.start;
        while column < inside.end {
            let at = column.min(inside.end - C);
            // SAFETY: by the caller; there are `C` at least.
            unsafe { self.tile::<V, R, C, FULL>(tile, piece, at, &(0..self.columns.taps)) };
            column = at + C;
        }
    }

    /// `C` outputs side by side, which see the same taps.
    #[inline(always)]
    unsafe fn tile<V, const R: usize, const C: usize, const FULL: bool>(
        &self,
        tile: Tile<V, R, FULL>,
        piece: &Piece,
        column: usize,
        taps: &Range<usize>,
    ) where
        V: Vector<Scalar = T>,
    {
        let each = self.inputs_each;
        // Where nothing is left out, what the window sees in a row is one piece.
        let is_one = self.groups == 1 && self.columns.dilation == 1;
        let (count, terms) = if is_one {
            (taps.len().min(1), each * taps.len())
        } else {
            (taps.len(), each)
        };
        let mut sums = [[V::splat(tile.isa, T::ZERO); R]; C];
        // SAFETY: the taps see places of the value, and the tile's rows are outputs.
        unsafe {
            if !self.bias.is_null() {
                sums = [tile.load(self.bias.add(piece.first)); C];
            }
            for row_tap in piece.taps.clone() {
                let row = self.rows.place(piece.row, row_tap);
                for tap in taps.start..taps.start + count {
                    let place = self.columns.place(column, tap);
                    let product = Product {
                        a: self
                            .weight
                            .add(self.column([row_tap, tap], 0) + piece.first),
                        a_next: self.outputs,
                        b: self.x.add(self.from(row, place) + piece.group * each),
                        b_next: 1,
                        b_column: self.columns.stride * self.inputs,
                        terms,
                    };
                    product.add_to(tile.isa, tile, &mut sums);
                }
            }
            self.function.map_short(tile.isa, &mut sums);
            for (c, sums) in sums.iter().enumerate() {
                let to = self.to(piece.row, column + c) + piece.first;
                tile.store(sums, self.y.add(to));
            }
        }
    }
}

/// Some outputs of a group, in a row.
struct Piece {
    group: usize,
    /// The first of the outputs.
    first: usize,
    row: usize,
    /// The taps that see rows of the value.
    taps: Range<usize>,
}
