//! One sample.

use core::{array, mem::MaybeUninit, ops::Range};

use super::{Linear, Sizes, Tile, packed::can_pack, stream::can_stream};
use crate::{
    kernels::{
        function::{Function, each, softmax_in_registers},
        is_common,
        isa::{Isa, Vector},
    },
    scalar::Scalar,
};

/// Repeats a block with 0 to 3 in place of a name.
macro_rules! for_each_of_four {
    ($i:ident => $block:block) => {{
        const $i: usize = 0;
        $block
    }
    {
        const $i: usize = 1;
        $block
    }
    {
        const $i: usize = 2;
        $block
    }
    {
        const $i: usize = 3;
        $block
    }};
}

/// What picks the first, second, third and fourth of four numbers for every lane.
struct Picks<V>([V; 4]);

impl<V: Vector> Picks<V> {
    #[inline(always)]
    fn new(isa: V::Isa) -> Self {
        Self(V::picks_of_four(isa))
    }

    /// `from[i]` in every lane.
    ///
    /// # Safety
    ///
    /// Four numbers can be read.
    #[inline(always)]
    unsafe fn get(&self, isa: V::Isa, i: usize, from: *const V::Scalar) -> V {
        // SAFETY: by the caller.
        unsafe {
            match self.0[i].pick_of_four(from) {
                Some(x) => x,
                None => V::splat(isa, *from.add(i)),
            }
        }
    }
}

impl<T: Scalar> Linear<T> {
    /// One sample of these sizes, known to the compiler: what doesn't suit them is left out. The
    /// choice is that of [`Any`](super::ways::Any), and so are the bits of the result.
    ///
    /// # Safety
    ///
    /// `self` is of one sample and has these sizes.
    #[inline(always)]
    pub(crate) unsafe fn one<V, const IN: usize, const OUT: usize>(&self, isa: V::Isa)
    where
        V: Vector<Scalar = T>,
    {
        // SAFETY: by the caller, and each tile has all outputs.
        unsafe {
            if const { OUT == 0 } {
                return;
            } else if const { OUT == 1 } {
                *self.y = self.single::<V>(isa);
                return;
            } else if const { can_pack::<V>(Sizes::of::<IN, OUT>()) } {
                self.packed::<V>(isa);
                return;
            } else if const { OUT <= V::LANES } {
                self.column_tile::<V, 1, 8, false, false>(isa, 0, OUT);
            } else if const { OUT <= 2 * V::LANES } {
                self.column_tile::<V, 2, 4, false, false>(isa, 0, OUT);
            } else if const { OUT <= 3 * V::LANES } {
                self.column_tile::<V, 3, 3, false, false>(isa, 0, OUT);
            } else if const { OUT <= 4 * V::LANES } {
                self.column_tile::<V, 4, 2, false, false>(isa, 0, OUT);
            } else {
                self.tiles::<V, false>(isa);
            }
            if const { OUT > V::LANES } {
                self.softmax_of_many::<V>(isa);
            }
        }
    }

    /// What is a function of all outputs, unless they have gone through it in one register.
    #[inline(always)]
    unsafe fn softmax_of_many<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        if matches!(self.function, Function::Softmax) && self.outputs > V::LANES {
            // SAFETY: by the caller.
            unsafe { self.apply(isa, 0, self.outputs, 0, 1) };
        }
    }

    /// As many vectors of outputs at a time as there are accumulators, then fewer. Where it isn't known while
    /// compiling which function it is, a long one is `APART`: each tile would hold the code of all of them.
    #[inline(always)]
    pub(super) unsafe fn tiles<V, const APART: bool>(&self, isa: V::Isa)
    where
        V: Vector<Scalar = T>,
    {
        let mut row = 0;
        // SAFETY: each tile stays below `outputs`.
        unsafe {
            if const { can_stream::<V>() } && self.is_stream() {
                return self.stream::<V>(isa);
            }
            // The longer the piece of each column, the better the cache's prefetcher follows.
            let is_wide = const { V::Isa::WIDE && is_common::<T>() };
            while is_wide && row + 16 * V::LANES <= self.outputs {
                self.column_tile::<V, 16, 1, true, APART>(isa, row, 16 * V::LANES);
                row += 16 * V::LANES;
            }
            while row + 8 * V::LANES <= self.outputs {
                if V::Isa::WIDE {
                    self.column_tile::<V, 8, 2, true, APART>(isa, row, 8 * V::LANES);
                } else {
                    self.column_tile::<V, 8, 1, true, APART>(isa, row, 8 * V::LANES);
                }
                row += 8 * V::LANES;
            }
            // One piece of each column, where the rest is not much less than that.
            let rest = (self.outputs - row).div_ceil(V::LANES);
            if is_wide && (rest == 6 || rest == 8) {
                if rest == 6 {
                    self.column_tile::<V, 6, 2, false, APART>(isa, row, self.outputs - row);
                } else if 2 * self.outputs == 15 * V::LANES && self.inputs.is_multiple_of(2) {
                    self.pairs::<V>(isa);
                } else {
                    self.column_tile::<V, 8, 2, false, APART>(isa, row, self.outputs - row);
                }
                row = self.outputs;
            }
            // These tiles are too large to go through a long function in registers.
            match self.function {
                _ if APART => {}
                Function::Exp => each::<V>(isa, self.y, row, Function::Exp),
                Function::Sigmoid => each::<V>(isa, self.y, row, Function::Sigmoid),
                Function::Tanh => each::<V>(isa, self.y, row, Function::Tanh),
                _ => {}
            }
            if row + 4 * V::LANES <= self.outputs {
                self.column_tile::<V, 4, 2, true, APART>(isa, row, 4 * V::LANES);
                row += 4 * V::LANES;
            }
            self.last_tile::<V, APART>(isa, row);
            if APART && self.function.is_long() {
                self.apply(isa, 0, self.outputs, 0, 1);
            }
        }
    }

    /// The outputs from `row` on, of which there are less than four vectors.
    #[inline(always)]
    unsafe fn last_tile<V, const APART: bool>(&self, isa: V::Isa, row: usize)
    where
        V: Vector<Scalar = T>,
    {
        let rest = self.outputs - row;
        // SAFETY: by the caller.
        unsafe {
            match rest.div_ceil(V::LANES) {
                0 => {}
                1 => self.column_tile::<V, 1, 8, false, APART>(isa, row, rest),
                2 => self.column_tile::<V, 2, 4, false, APART>(isa, row, rest),
                3 => self.column_tile::<V, 3, 3, false, APART>(isa, row, rest),
                _ => self.column_tile::<V, 4, 2, false, APART>(isa, row, rest),
            }
        }
    }

    /// `rows` outputs from `row` on, in `P` vectors, of which the last may be partial unless the
    /// tile is `FULL`. `U` parts of the inputs have accumulators of their own. They go through a long
    /// function, too, unless that is `APART` or the tile is too large.
    #[inline(always)]
    unsafe fn column_tile<V, const P: usize, const U: usize, const FULL: bool, const APART: bool>(
        &self,
        isa: V::Isa,
        row: usize,
        rows: usize,
    ) where
        V: Vector<Scalar = T>,
    {
        let tile = Tile::<V, P, FULL>::new(isa, rows);
        // Whole vectors may be read of these columns: what comes after `rows` numbers is weights, too.
        let whole = if tile.is_full {
            self.inputs
        } else {
            (self.inputs * self.outputs)
                .checked_sub(row + P * V::LANES)
                .and_then(|last| last.checked_div(self.outputs))
                .map_or(0, |last| last + 1)
        };
        // SAFETY: the tile has `rows` outputs from `row` on, and inputs stay below `inputs`.
        unsafe {
            let mut sums = [[V::splat(isa, T::ZERO); P]; U];
            if !self.bias.is_null() {
                sums[0] = tile.load(self.bias.add(row));
            }
            let column = self.weight.add(row);
            let mut input = 0;
            if const { U <= 2 } {
                // What was just written number by number can't be read four at a time before it is
                // in the cache, so the first inputs are read singly.
                let first = if V::PICKS { whole.min(8) } else { 0 };
                let start = self.singly(tile, column, 0..first, &mut sums);
                // Weights that outgrow the first cache come as a stream for each part of the
                // inputs: the second fetches several at once faster than one.
                let fours = (whole - start) / (4 * U);
                let (step, part) = if P > 4 { (4, 4 * fours) } else { (4 * U, 4) };
                let picks = Picks::new(isa);
                input = start;
                while input < start + step * fours {
                    // By hand: a loop isn't always unrolled, and then sums are kept in memory.
                    for_each_of_four!(I => {
                        for (u, sums) in sums.iter_mut().enumerate() {
                            let x = picks.get(isa, I, self.x.add(u * part + input));
                            let column = column.add((u * part + input + I) * self.outputs);
                            add_product(tile, column, x, sums);
                        }
                    });
                    input += step;
                }
                input = start + 4 * U * fours;
            }
            input = self.singly(tile, column, input..whole, &mut sums);
            // Of one vector, the last columns have a chain of sums each, too.
            while const { P == 1 } && input + U <= self.inputs {
                for (u, sums) in sums.iter_mut().enumerate() {
                    let x = V::splat(isa, *self.x.add(input + u));
                    let weights = tile.load(column.add((input + u) * self.outputs));
                    sums[0] = weights[0].mul_add(x, sums[0]);
                }
                input += U;
            }
            let mut total = sums[0];
            while input < self.inputs {
                let x = V::splat(isa, *self.x.add(input));
                let weights = tile.load(column.add(input * self.outputs));
                for (total, weight) in total.iter_mut().zip(weights) {
                    *total = weight.mul_add(x, *total);
                }
                input += 1;
            }
            for sums in &sums[1..] {
                for (total, sum) in total.iter_mut().zip(sums) {
                    *total = total.add(*sum);
                }
            }
            if const { P > 4 || APART } {
                self.function.map_short(isa, array::from_mut(&mut total));
            } else if const { P == 1 } && rows == self.outputs {
                total[0] = self.finished(isa, total[0], tile.last);
            } else {
                self.function.map(isa, &mut total);
            }
            tile.store(&total, self.y.add(row));
        }
    }

    /// Columns of half a vector more than seven, two at a time: of each second one by itself, every vector would
    /// cross cache lines.
    #[inline(always)]
    unsafe fn pairs<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        let half = V::mask(isa, V::LANES / 2);
        let mut sums = [V::splat(isa, T::ZERO); 15];
        // SAFETY: there are so many outputs, and an even number of inputs.
        unsafe {
            for input in (0..self.inputs).step_by(2) {
                let columns = self.weight.add(input * self.outputs);
                let x = V::splat(isa, *self.x.add(input));
                let next = V::splat(isa, *self.x.add(input + 1));
                let middle = x.keep(half, next);
                for (i, sum) in sums.iter_mut().enumerate() {
                    let x = match i {
                        0..7 => x,
                        7 => middle,
                        _ => next,
                    };
                    *sum = V::load(isa, columns.add(i * V::LANES)).mul_add(x, *sum);
                }
            }
            // The second column's sums begin in the middle of a vector.
            let mut both = MaybeUninit::<[V; 15]>::uninit();
            let both: *mut T = both.as_mut_ptr().cast();
            for (i, sum) in sums.iter().enumerate() {
                sum.store(both.add(i * V::LANES));
            }
            let tile = Tile::<V, 8, false>::new(isa, self.outputs);
            let (mut total, second) = (tile.load(both), tile.load(both.add(self.outputs)));
            for (total, second) in total.iter_mut().zip(second) {
                *total = total.add(second);
            }
            if !self.bias.is_null() {
                for (total, bias) in total.iter_mut().zip(tile.load(self.bias)) {
                    *total = total.add(bias);
                }
            }
            self.function.map_short(isa, array::from_mut(&mut total));
            tile.store(&total, self.y);
        }
    }

    /// Adds the columns of these inputs, each to the next of the sums, as often as there are inputs
    /// for all of them. The next input comes back.
    #[inline(always)]
    unsafe fn singly<V, const P: usize, const U: usize, const FULL: bool>(
        &self,
        tile: Tile<V, P, FULL>,
        column: *const T,
        inputs: Range<usize>,
        sums: &mut [[V; P]; U],
    ) -> usize
    where
        V: Vector<Scalar = T>,
    {
        let mut input = inputs.start;
        while input + U <= inputs.end {
            for (u, sums) in sums.iter_mut().enumerate() {
                // SAFETY: by the caller.
                unsafe {
                    let x = V::splat(tile.isa, *self.x.add(input + u));
                    add_product(tile, column.add((input + u) * self.outputs), x, sums);
                }
            }
            input += U;
        }
        input
    }

    /// The function of all outputs, which are in the lanes of the mask.
    #[inline(always)]
    pub(super) fn finished<V: Vector<Scalar = T>>(&self, isa: V::Isa, y: V, mask: V::Mask) -> V {
        let mut y = [y];
        if let Function::Softmax = self.function {
            softmax_in_registers(isa, &mut y, mask);
        } else {
            self.function.map(isa, &mut y);
        }
        y[0]
    }
}

/// Adds weights times `x`, one by one: they need no registers besides the sums'. Those of other
/// outputs are left out: their products might be too large for a number.
///
/// # Safety
///
/// `weights` leads to `P` vectors.
#[inline(always)]
unsafe fn add_product<V: Vector, const P: usize, const FULL: bool>(
    tile: Tile<V, P, FULL>,
    weights: *const V::Scalar,
    x: V,
    sums: &mut [V; P],
) {
    for (i, sum) in sums.iter_mut().enumerate() {
        // SAFETY: by the caller.
        let weight = unsafe {
            let from = weights.add(i * V::LANES);
            if FULL || i + 1 < P {
                V::load(tile.isa, from)
            } else {
                V::load_first(tile.isa, from, tile.last)
            }
        };
        *sum = weight.mul_add(x, *sum);
    }
}
