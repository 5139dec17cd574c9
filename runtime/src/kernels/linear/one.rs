//! One sample.

use core::{array, mem::MaybeUninit};

use super::{Linear, Tile};
use crate::{
    Scalar,
    kernels::{
        function::{Function, each, softmax_in_registers},
        isa::{Isa, Vector},
        math::Constants as _,
    },
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
    /// The optimiser must not see that these are constants: it would turn each pick into a load of
    /// its own, of which the processor can't do as many. No size has its highest bit set.
    #[inline(always)]
    fn new(isa: V::Isa, size: usize) -> Self {
        let zero = V::Scalar::from_f64((size >> (usize::BITS - 1)) as f64);
        let first = V::splat(isa, V::Scalar::MAGIC + zero);
        let add = |i: f64| V::splat(isa, V::Scalar::from_f64(i));
        Self([
            first,
            first.add(add(1.0)),
            first.add(add(2.0)),
            first.add(add(3.0)),
        ])
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
    /// One output, a few, or more than a few have each their way.
    #[inline(always)]
    pub(in crate::kernels) unsafe fn one_sample<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        // SAFETY: by the caller.
        unsafe {
            let few = 2 * self.outputs <= V::LANES;
            match self.outputs {
                0 => return,
                1 => self.dot::<V>(isa, 0),
                _ if few && self.packed::<V>(isa).is_some() => {}
                _ => self.tiles::<V>(isa),
            }
            // Those in one register have gone through it on their way.
            let in_one = 2..=V::LANES;
            if matches!(self.function, Function::Softmax) && !in_one.contains(&self.outputs) {
                self.apply(isa, 0, self.outputs, 0, 1);
            }
        }
    }

    /// As many vectors of outputs at a time as there are accumulators, then fewer.
    #[inline(always)]
    unsafe fn tiles<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        let mut row = 0;
        // SAFETY: each tile stays below `outputs`.
        unsafe {
            // The longer the piece of each column, the better the cache's prefetcher follows.
            while V::Isa::WIDE && row + 16 * V::LANES <= self.outputs {
                self.column_tile::<V, 16, 1, true>(isa, row, 16 * V::LANES);
                row += 16 * V::LANES;
            }
            while row + 8 * V::LANES <= self.outputs {
                if V::Isa::WIDE {
                    self.column_tile::<V, 8, 2, true>(isa, row, 8 * V::LANES);
                } else {
                    self.column_tile::<V, 8, 1, true>(isa, row, 8 * V::LANES);
                }
                row += 8 * V::LANES;
            }
            // These tiles are too large to go through a long function in registers.
            match self.function {
                Function::Exp => each::<V>(isa, self.y, row, Function::Exp),
                Function::Sigmoid => each::<V>(isa, self.y, row, Function::Sigmoid),
                Function::Tanh => each::<V>(isa, self.y, row, Function::Tanh),
                _ => {}
            }
            if row + 4 * V::LANES <= self.outputs {
                self.column_tile::<V, 4, 2, true>(isa, row, 4 * V::LANES);
                row += 4 * V::LANES;
            }
            let rest = self.outputs - row;
            match rest.div_ceil(V::LANES) {
                0 => {}
                1 => self.column_tile::<V, 1, 8, false>(isa, row, rest),
                2 => self.column_tile::<V, 2, 4, false>(isa, row, rest),
                3 => self.column_tile::<V, 3, 3, false>(isa, row, rest),
                _ => self.column_tile::<V, 4, 2, false>(isa, row, rest),
            }
        }
    }

    /// `rows` outputs from `row` on, in `P` vectors, of which the last may be partial unless the
    /// tile is `FULL`. `U` parts of the inputs have accumulators of their own.
    #[inline(always)]
    unsafe fn column_tile<V, const P: usize, const U: usize, const FULL: bool>(
        &self,
        isa: V::Isa,
        row: usize,
        rows: usize,
    ) where
        V: Vector<Scalar = T>,
    {
        let tile = Tile::<V, P, FULL>::new(isa, rows);
        // Whole vectors may be read of these columns: what comes after `rows` numbers is weights,
        // too, and ends up in lanes that nobody reads.
        let whole = if FULL {
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
            if U <= 2 {
                // Inputs are read four at a time. Weights that outgrow the first cache come as a
                // stream for each part of the inputs: the second fetches several at once faster
                // than one.
                let fours = whole / (4 * U);
                let (step, part) = if P > 4 { (4, 4 * fours) } else { (4 * U, 4) };
                let picks = Picks::new(isa, self.inputs);
                while input < step * fours {
                    // By hand: a loop isn't always unrolled, and then sums are kept in memory.
                    for_each_of_four!(I => {
                        for (u, sums) in sums.iter_mut().enumerate() {
                            let x = picks.get(isa, I, self.x.add(u * part + input));
                            let column = column.add((u * part + input + I) * self.outputs);
                            add_product(isa, column, x, sums);
                        }
                    });
                    input += step;
                }
                input = 4 * U * fours;
            }
            while input + U <= whole {
                for (u, sums) in sums.iter_mut().enumerate() {
                    let x = V::splat(isa, *self.x.add(input + u));
                    add_product(isa, column.add((input + u) * self.outputs), x, sums);
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
            if P > 4 {
                self.function.map_short(isa, array::from_mut(&mut total));
            } else if P == 1 && rows == self.outputs {
                total[0] = self.finished(isa, total[0], tile.last);
            } else {
                self.function.map(isa, &mut total);
            }
            tile.store(&total, self.y.add(row));
        }
    }

    /// No more outputs than half of a register's lanes: `R` registers take whole columns of several inputs,
    /// and read each weight once. Nothing is done where there are no instructions for that, or
    /// where it takes too many registers.
    #[inline(always)]
    unsafe fn packed<V: Vector<Scalar = T>>(&self, isa: V::Isa) -> Option<()> {
        // The odd part of `outputs`: as many registers as a number of columns fills.
        // SAFETY: by the caller.
        unsafe {
            match self.outputs >> self.outputs.trailing_zeros() {
                1 => self.packed_in::<V, 1, 4>(isa),
                3 => self.packed_in::<V, 3, 2>(isa),
                5 => self.packed_in::<V, 5, 1>(isa),
                7 => self.packed_in::<V, 7, 1>(isa),
                _ => None,
            }
        }
    }

    /// The same with so many registers, and `U` parts of the inputs with accumulators of their own.
    #[inline(always)]
    unsafe fn packed_in<V, const R: usize, const U: usize>(&self, isa: V::Isa) -> Option<()>
    where
        V: Vector<Scalar = T>,
    {
        let &Self {
            inputs, outputs, ..
        } = self;
        let zero = V::splat(isa, T::ZERO);
        zero.permute(zero)?;
        let columns = (R * V::LANES).checked_div(outputs)?;
        if inputs < columns {
            return None;
        }
        let (of_columns, of_outputs) = (V::mask(isa, columns), V::mask(isa, outputs));
        // ⌊number / outputs⌋ is the column of a number, here in the last bits of one.
        let half = V::splat(isa, T::HALF);
        let inverse = V::splat(isa, T::ONE / T::from_f64(outputs as f64));
        let mut indices = [V::from_fn(isa, |lane| T::from_f64(lane as f64)); R];
        for (r, index) in indices.iter_mut().enumerate() {
            let number = index.add(V::splat(isa, T::from_f64((r * V::LANES) as f64 + 0.5)));
            *index = number.mul(inverse).sub(half).add(V::splat(isa, T::MAGIC));
        }
        let mut sums = [[zero; R]; U];
        let mut rest = zero;
        let mut input = 0;
        // SAFETY: inputs stay below `inputs`, and so do their columns.
        unsafe {
            while input + U * columns <= inputs {
                for sums in &mut sums {
                    self.add_columns(isa, input, of_columns, &indices, sums)?;
                    input += columns;
                }
            }
            while input + columns <= inputs {
                self.add_columns(isa, input, of_columns, &indices, &mut sums[0])?;
                input += columns;
            }
            if !self.bias.is_null() {
                rest = V::load_partial(isa, self.bias, of_outputs);
            }
            while input < inputs {
                let column = self.weight.add(input * outputs);
                let weight = V::load_partial(isa, column, of_outputs);
                rest = weight.mul_add(V::splat(isa, *self.x.add(input)), rest);
                input += 1;
            }
            // `columns` sums for each output.
            let mut all = MaybeUninit::<[V; R]>::uninit();
            let all = all.as_mut_ptr().cast::<T>();
            for r in 0..R {
                let mut sum = sums[0][r];
                for sums in &sums[1..] {
                    sum = sum.add(sums[r]);
                }
                sum.store(all.add(r * V::LANES));
            }
            let mut totals = [rest, zero];
            for column in 0..columns {
                let sum = V::load_partial(isa, all.add(column * outputs), of_outputs);
                totals[column % 2] = totals[column % 2].add(sum);
            }
            let total = totals[0].add(totals[1]);
            self.finished(isa, total, of_outputs)
                .store_partial(self.y, of_outputs);
        }
        Some(())
    }

    /// The columns of the inputs of the mask, from `input` on: each number times its input, which
    /// is at its index among them.
    #[inline(always)]
    unsafe fn add_columns<V: Vector<Scalar = T>, const R: usize>(
        &self,
        isa: V::Isa,
        input: usize,
        of_columns: V::Mask,
        indices: &[V; R],
        sums: &mut [V; R],
    ) -> Option<()> {
        // SAFETY: by the caller.
        unsafe {
            let x = V::load_partial(isa, self.x.add(input), of_columns);
            let weights = self.weight.add(input * self.outputs);
            for (r, sum) in sums.iter_mut().enumerate() {
                let weight = V::load(isa, weights.add(r * V::LANES));
                *sum = weight.mul_add(x.permute(indices[r])?, *sum);
            }
        }
        Some(())
    }

    /// The function of all outputs, which are in the lanes of the mask.
    #[inline(always)]
    fn finished<V: Vector<Scalar = T>>(&self, isa: V::Isa, y: V, mask: V::Mask) -> V {
        let mut y = [y];
        if let Function::Softmax = self.function {
            softmax_in_registers(isa, &mut y, mask);
        } else {
            self.function.map(isa, &mut y);
        }
        y[0]
    }
}

/// Adds weights times `x`, one by one: they need no registers besides the sums'.
///
/// # Safety
///
/// `weights` leads to `P` vectors.
#[inline(always)]
unsafe fn add_product<V: Vector, const P: usize>(
    isa: V::Isa,
    weights: *const V::Scalar,
    x: V,
    sums: &mut [V; P],
) {
    for (i, sum) in sums.iter_mut().enumerate() {
        *sum = unsafe { V::load(isa, weights.add(i * V::LANES)) }.mul_add(x, *sum);
    }
}
