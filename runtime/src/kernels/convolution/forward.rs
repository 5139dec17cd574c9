//! The way there.

use core::ops::Range;

use super::{
    Axis, Convolution,
    channels::ThreeWide,
    pairs::Pairs,
    planes::Planes,
    rows::{Block, FEWEST, Rows, Scratch, Seen},
};
use crate::{
    kernels::{
        dispatch::Kernel,
        function::{Apply, Function},
        is_common,
        isa::{Isa, Vector},
        linear::{Linear, Sizes, Tile, Values, Walk, Weights},
    },
    scalar::Scalar,
};

impl<'a, T: Scalar> Kernel for &'a Convolution<T> {
    /// Whether it did what it says: it [halves](Convolution::halves) only where two rows go together.
    type Output = bool;
    type First = &'a Convolution<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a Convolution<T>, (), (), Function) {
        (self, (), (), self.function)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, operands: &'a Convolution<T>, (): (), (): (), _: Function) -> bool {
        let by_two = operands.suits_planes::<T::Vector<I>>() && isa.call(Planes(operands))
            || operands.suits_pairs::<T::Vector<I>>() && isa.call(Pairs(operands));
        if by_two {
            operands.apply_left(isa);
            return true;
        } else if operands.halves {
            return false;
        }
        if let Some(linear) = operands.as_linear() {
            isa.call(&linear);
            return true;
        }
        let of = *operands;
        let mut scratch = Scratch::new();
        // SAFETY: the operands are what the type says.
        unsafe {
            if of.is_three_wide() {
                isa.call(ThreeWide(operands));
            } else {
                let mut rows = Rows::new::<T::Vector<I>>(isa, &of, &mut scratch);
                let mut row = 0;
                while row < of.rows.outputs {
                    let block = rows.block::<T::Vector<I>>(isa, &of, row);
                    of.block::<T::Vector<I>>(isa, &block);
                    row = block.rows.end;
                }
            }
        }
        of.apply_left(isa);
        true
    }
}

impl<T: Scalar> Convolution<T> {
    /// The functions that tiles leave.
    #[inline(always)]
    fn apply_left<I: Isa>(&self, isa: I) {
        if self.function.is_left() {
            isa.call(Apply {
                x: self.y,
                width: self.outputs,
                stride: self.outputs,
                rows: self.rows.outputs * self.columns.outputs,
                function: self.function,
            });
        }
    }

    /// A linear layer of each place, where each output sees a place of its own.
    #[inline(always)]
    fn as_linear(&self) -> Option<Linear<T>> {
        let is_alone = |axis: &Axis| {
            let is_each = axis.outputs == axis.size && (axis.stride == 1 || axis.size == 1);
            axis.taps == 1 && is_each && axis.padding == 0
        };
        if self.groups > 1 || !is_alone(&self.rows) || !is_alone(&self.columns) {
            return None;
        }
        let weights = Weights {
            weight: self.weight,
            bias: self.bias,
        };
        let values = Values {
            x: self.x,
            y: self.y,
        };
        let sizes = Sizes {
            inputs: self.inputs,
            outputs: self.outputs,
        };
        let places = self.rows.size * self.columns.size;
        // SAFETY: it leads where it did.
        let linear = unsafe { Linear::new(weights, values, &sizes, places, self.function) };
        Some(linear.before(self.ahead))
    }

    /// Some rows of outputs.
    #[inline(always)]
    fn block<V: Vector<Scalar = T>>(&self, isa: V::Isa, block: &Block<T>) {
        if self.is_depthwise() {
            self.each_channel::<V>(isa, block);
        } else {
            for group in 0..self.groups {
                self.group::<V>(isa, block, group);
            }
        }
    }

    /// The outputs where each channel is a group: a vector of channels after another.
    #[inline(always)]
    fn each_channel<V: Vector<Scalar = T>>(&self, isa: V::Isa, block: &Block<T>) {
        for first in (0..self.outputs).step_by(V::LANES) {
            let left = self.outputs - first;
            if left >= V::LANES {
                isa.call(Columns::<T, 1, true, true>(
                    self,
                    block,
                    [first, first, V::LANES],
                ));
            } else {
                isa.call(Columns::<T, 1, false, true>(
                    self,
                    block,
                    [first, first, left],
                ));
            }
        }
    }

    /// The outputs of a group, as many at a time as a tile has.
    #[inline(always)]
    fn group<V: Vector<Scalar = T>>(&self, isa: V::Isa, block: &Block<T>, group: usize) {
        let each = self.outputs_each;
        let (mut first, end) = (group * each, (group + 1) * each);
        while first < end {
            let (left, input) = (end - first, group * self.inputs_each);
            if const { V::Isa::WIDE && is_common::<T>() } && left >= 4 * V::LANES && self.is_short()
            {
                isa.call(Columns::<T, 4, true, false>(
                    self,
                    block,
                    [input, first, 4 * V::LANES],
                ));
                first += 4 * V::LANES;
            } else if left >= 2 * V::LANES {
                isa.call(Columns::<T, 2, true, false>(
                    self,
                    block,
                    [input, first, 2 * V::LANES],
                ));
                first += 2 * V::LANES;
            } else {
                let count = left.min(V::LANES);
                isa.call(Columns::<T, 1, false, false>(
                    self,
                    block,
                    [input, first, count],
                ));
                first += count;
            }
        }
    }

    /// Whether a window sees few numbers in a row.
    #[inline(always)]
    fn is_short(&self) -> bool {
        self.columns.taps * self.inputs_each <= 16
    }

    /// `R` vectors of outputs, in each column; `EACH` where each output sees its own channel only.
    #[inline(always)]
    unsafe fn columns<V, const R: usize, const FULL: bool, const EACH: bool>(
        &self,
        tile: Tile<V, R, FULL>,
        piece: &Piece<T>,
    ) where
        V: Vector<Scalar = T>,
    {
        let mut inside = piece.seen.inside.clone();
        if inside.len() < FEWEST {
            inside.end = inside.start;
        }
        let count = inside.len();
        // SAFETY: columns stay below those of the outputs; of those inside, each tap is there.
        unsafe {
            for column in (0..inside.start).chain(inside.end..self.columns.outputs) {
                let taps = self.columns.taps_at(column);
                self.tile::<V, R, 1, FULL, EACH>(tile, piece, column, &taps);
            }
            // Few sizes of tiles: each is code to compile.
            if const { !EACH && R == 1 } && cost::<10>(count) < cost::<8>(count) {
                self.tiles::<V, R, 10, FULL, EACH>(tile, piece, inside);
            } else if const { !EACH && R <= 2 && (V::Isa::WIDE || R == 1) }
                && cost::<8>(count) <= cost::<5>(count)
                && count >= 8
            {
                self.tiles::<V, R, 8, FULL, EACH>(tile, piece, inside);
            } else if const { R > 1 } && cost::<5>(count) < cost::<4>(count) {
                self.tiles::<V, R, 5, FULL, EACH>(tile, piece, inside);
            } else if count > 0 {
                self.tiles::<V, R, FEWEST, FULL, EACH>(tile, piece, inside);
            }
        }
    }

    /// Outputs side by side, `C` at a time. What is left at the end is calculated with some of those
    /// before it once more.
    #[inline(always)]
    unsafe fn tiles<V, const R: usize, const C: usize, const FULL: bool, const EACH: bool>(
        &self,
        tile: Tile<V, R, FULL>,
        piece: &Piece<T>,
        inside: Range<usize>,
    ) where
        V: Vector<Scalar = T>,
    {
        let mut column = inside.start;
        while column < inside.end {
            let at = column.min(inside.end - C);
            // SAFETY: by the caller; there are `C` at least.
            unsafe {
                self.tile::<V, R, C, FULL, EACH>(tile, piece, at, &(0..self.columns.taps));
            }
            column = at + C;
        }
    }

    /// `C` outputs side by side, which see the same taps.
    #[inline(always)]
    unsafe fn tile<V, const R: usize, const C: usize, const FULL: bool, const EACH: bool>(
        &self,
        tile: Tile<V, R, FULL>,
        piece: &Piece<T>,
        column: usize,
        taps: &Range<usize>,
    ) where
        V: Vector<Scalar = T>,
    {
        let (seen, each) = (&piece.seen, self.inputs_each);
        // Where nothing is left out, what the window sees in a row is one piece.
        let is_one = self.groups == 1 && self.columns.dilation == 1;
        let (count, terms) = if is_one && !EACH {
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
            let before = self.before(column, taps.start).wrapping_add(piece.input);
            let weight = self.column([seen.taps.start, taps.start], 0) + piece.first;
            let mut walk = Walk::<T, C>::new(
                self.weight.wrapping_add(weight),
                seen.first.wrapping_add(before),
                self.columns.stride.wrapping_mul(self.inputs),
            );
            let between = self.between();
            let come = count.wrapping_mul(terms.wrapping_add(between));
            let down = self
                .rows
                .dilation
                .wrapping_mul(seen.next)
                .wrapping_sub(come);
            let weights_down = (self.columns.taps - taps.len()) * each * self.outputs;
            for _ in seen.taps.clone() {
                for _ in 0..count {
                    if EACH {
                        let next = [self.outputs, between.wrapping_add(1)];
                        walk.multiply(tile, next, &mut sums);
                    } else {
                        walk.add_to(tile, self.outputs, terms, &mut sums);
                        walk.skip(0, between);
                    }
                }
                walk.skip(weights_down, down);
            }
            self.finish(tile, piece, column, sums);
        }
    }

    /// Stores the function of a tile's sums.
    #[inline(always)]
    unsafe fn finish<V, const R: usize, const C: usize, const FULL: bool>(
        &self,
        tile: Tile<V, R, FULL>,
        piece: &Piece<T>,
        column: usize,
        mut sums: [[V; R]; C],
    ) where
        V: Vector<Scalar = T>,
    {
        self.function.map_short(tile.isa, &mut sums);
        // SAFETY: by the caller.
        unsafe {
            let mut to = self.y.add(self.to(piece.seen.row, column) + piece.first);
            for sums in &sums {
                tile.store(sums, to);
                to = to.wrapping_add(self.outputs);
            }
        }
    }
}

/// Some outputs of a group, in a row.
struct Piece<T> {
    /// The first of the channels that they see.
    input: usize,
    /// The first of the outputs.
    first: usize,
    seen: Seen<T>,
}

/// Some outputs in some rows, by tiles of `R` vectors: the first of the channels that they see, the first output,
/// and how many there are. Each is a function of its own, since the time to compile one grows faster than its
/// length.
///
/// # Safety
///
/// Whoever makes one sees to it that there are so many outputs, as many as the tiles have.
struct Columns<'a, T, const R: usize, const FULL: bool, const EACH: bool>(
    &'a Convolution<T>,
    &'a Block<T>,
    [usize; 3],
);

impl<'a, T: Scalar, const R: usize, const FULL: bool, const EACH: bool> Kernel
    for Columns<'a, T, R, FULL, EACH>
{
    type Output = ();
    type First = &'a Convolution<T>;
    type Second = &'a Block<T>;
    type Third = [usize; 3];

    #[inline(always)]
    fn parts(self) -> (Self::First, Self::Second, [usize; 3], Function) {
        (self.0, self.1, self.2, self.0.function)
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        of: Self::First,
        block: Self::Second,
        [input, first, count]: [usize; 3],
        _: Function,
    ) {
        let (of, tile) = (*of, Tile::<T::Vector<I>, R, FULL>::new(isa, count));
        for row in block.rows.clone() {
            let seen = block.seen(&of, row);
            let piece = Piece { input, first, seen };
            // SAFETY: by whoever made it.
            unsafe { of.columns::<T::Vector<I>, R, FULL, EACH>(tile, &piece) };
        }
    }
}

/// How long tiles of `C` columns take for so many, roughly.
#[inline(always)]
pub(super) fn cost<const C: usize>(count: usize) -> usize {
    if count < C {
        usize::MAX
    } else {
        count.div_ceil(C) * (C + 1)
    }
}
