//! `y = function(weight · x + bias)` for one sample or many, with sizes as arguments.
//!
//! The weights lie as nalgebra keeps them: column by column, `outputs` numbers each. A tile of
//! outputs stays in registers while the inputs go by: each adds its column times itself.

use core::{array, ops::Range, ptr};

use super::{
    dispatch::Kernel,
    function::{Apply, Function},
    isa::{Isa, Vector},
};
use crate::Scalar;

/// The operands.
///
/// # Safety
///
/// Whoever makes one sees to it that `weight` leads to `outputs` times `inputs` numbers, `bias` to
/// `outputs` or is null, `x` to `samples` times `inputs`, and `y` to room for `samples` times
/// `outputs` which nothing else refers to.
#[derive(Clone, Copy)]
pub struct Linear<T> {
    /// Column by column.
    pub weight: *const T,
    /// Null for none.
    pub bias: *const T,
    /// The samples, one after another.
    pub x: *const T,
    /// The outputs, one sample after another.
    pub y: *mut T,
    /// Of each sample.
    pub inputs: usize,
    /// Of each sample.
    pub outputs: usize,
    /// How many.
    pub samples: usize,
    /// Applied to each output; softmax to each sample.
    pub function: Function,
}

impl<T: Scalar> Kernel for &Linear<T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        // SAFETY: the operands are what the type says.
        unsafe {
            if self.samples == 1 {
                self.one_sample::<T::Vector<I>>(isa);
            } else if self.outputs == 1 {
                for sample in 0..self.samples {
                    self.dot::<T::Vector<I>>(isa, sample);
                }
            } else if I::WIDE {
                self.batch::<T::Vector<I>, 4>(isa);
            } else {
                self.batch::<T::Vector<I>, 2>(isa);
            }
            if let Function::Softmax = self.function {
                self.apply(isa, 0, self.outputs, 0, self.samples);
            }
        }
    }
}

impl<T: Scalar> Linear<T> {
    /// The pointer for a bias that is there or empty.
    #[inline(always)]
    pub(crate) fn bias(bias: &[T], outputs: usize) -> *const T {
        if bias.len() == outputs {
            bias.as_ptr()
        } else {
            ptr::null()
        }
    }

    /// The rest of a function of which registers have seen no part.
    #[inline(always)]
    unsafe fn apply<I: Isa>(&self, isa: I, row: usize, width: usize, sample: usize, rows: usize) {
        isa.call(Apply {
            function: self.function,
            // SAFETY: the rows are there.
            x: unsafe { self.y.add(sample * self.outputs + row) },
            width,
            stride: self.outputs,
            rows,
        });
    }

    /// As many vectors of outputs at a time as there are accumulators, then fewer.
    #[inline(always)]
    unsafe fn one_sample<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        if self.outputs == 1 {
            return unsafe { self.dot::<V>(isa, 0) };
        }
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
        let zero = V::splat(isa, T::ZERO);
        // SAFETY: the tile has `rows` outputs from `row` on, and inputs stay below `inputs`.
        unsafe {
            let mut sums = [[zero; P]; U];
            if !self.bias.is_null() {
                sums[0] = tile.load(self.bias.add(row));
            }
            // Each part of the inputs is a stream of weights of its own, and the cache fetches
            // several at once faster than one.
            let part = self.inputs / U;
            let mut column = self.weight.add(row);
            for input in 0..part {
                for (u, sums) in sums.iter_mut().enumerate() {
                    let x = V::splat(isa, *self.x.add(u * part + input));
                    tile.add_product(column.add(u * part * self.outputs), x, sums);
                }
                column = column.add(self.outputs);
            }
            let mut total = sums[0];
            for input in U * part..self.inputs {
                let column = self.weight.add(input * self.outputs + row);
                tile.add_product(column, V::splat(isa, *self.x.add(input)), &mut total);
            }
            for sums in &sums[1..] {
                for (total, sum) in total.iter_mut().zip(sums) {
                    *total = total.add(*sum);
                }
            }
            if P <= 4 {
                self.function.map(isa, &mut total);
            } else {
                self.function.map_short(isa, array::from_mut(&mut total));
            }
            tile.store(&total, self.y.add(row));
            if P > 4 && self.function.is_long() {
                self.apply(isa, row, rows, 0, 1);
            }
        }
    }

    /// The one output of a sample: its weights are neighbours.
    #[inline(always)]
    unsafe fn dot<V: Vector<Scalar = T>>(&self, isa: V::Isa, sample: usize) {
        const U: usize = 4;
        // SAFETY: what is read stays below `inputs`.
        unsafe {
            let x = self.x.add(sample * self.inputs);
            let mut sums = [V::splat(isa, T::ZERO); U];
            let mut input = 0;
            while input + U * V::LANES <= self.inputs {
                for (u, sum) in sums.iter_mut().enumerate() {
                    let at = input + u * V::LANES;
                    let weight = V::load(isa, self.weight.add(at));
                    *sum = weight.mul_add(V::load(isa, x.add(at)), *sum);
                }
                input += U * V::LANES;
            }
            while input < self.inputs {
                let mask = V::mask(isa, (self.inputs - input).min(V::LANES));
                let weight = V::load_partial(isa, self.weight.add(input), mask);
                sums[0] = weight.mul_add(V::load_partial(isa, x.add(input), mask), sums[0]);
                input += V::LANES;
            }
            let sum = sums[0].add(sums[1]).add(sums[2].add(sums[3])).sum(V::LANES);
            let bias = if self.bias.is_null() {
                T::ZERO
            } else {
                *self.bias
            };
            let mut y = [V::splat(isa, sum + bias)];
            self.function.map_short(isa, array::from_mut(&mut y));
            *self.y.add(sample) = y[0].first();
            if self.function.is_long() {
                self.apply(isa, 0, 1, sample, 1);
            }
        }
    }

    /// Panels of `R` vectors of outputs and then fewer, for all samples. A panel whose weights
    /// outgrow the cache goes through the samples once for each part of the inputs.
    #[inline(always)]
    unsafe fn batch<V: Vector<Scalar = T>, const R: usize>(&self, isa: V::Isa) {
        /// Half of a second-level cache, which a panel streams from as fast as it is used. Parts
        /// for the first level would write and read the sums more often, for nothing.
        const CACHE: usize = 256 << 10;
        let panel = R * V::LANES;
        let width = self.outputs.min(panel).max(1) * size_of::<T>();
        let parts = (self.inputs * width).div_ceil(CACHE).max(1);
        let part = self.inputs.div_ceil(parts);
        let mut row = 0;
        while row < self.outputs {
            let left = self.outputs - row;
            let mut from = 0;
            loop {
                let to = (from + part).min(self.inputs);
                // SAFETY: rows stay below `outputs`, inputs below `inputs`.
                unsafe {
                    if left >= panel {
                        self.panel::<V, R, 6, true>(isa, row, panel, from, to);
                    } else if R > 3 && left > 3 * V::LANES {
                        self.panel::<V, 4, 6, false>(isa, row, left, from, to);
                    } else if R > 2 && left > 2 * V::LANES {
                        self.panel::<V, 3, 6, false>(isa, row, left, from, to);
                    } else if R > 1 && left > V::LANES {
                        self.panel::<V, 2, 6, false>(isa, row, left, from, to);
                    } else {
                        self.panel::<V, 1, 12, false>(isa, row, left, from, to);
                    }
                }
                from = to;
                if from >= self.inputs {
                    break;
                }
            }
            row += left.min(panel);
        }
    }

    /// One panel and one part of the inputs, `C` samples at a time.
    #[inline(always)]
    unsafe fn panel<V, const R: usize, const C: usize, const FULL: bool>(
        &self,
        isa: V::Isa,
        row: usize,
        rows: usize,
        from: usize,
        to: usize,
    ) where
        V: Vector<Scalar = T>,
    {
        let tile = Tile::<V, R, FULL>::new(isa, rows);
        let mut sample = 0;
        // SAFETY: samples stay below `samples`.
        unsafe {
            while sample + C <= self.samples {
                self.batch_tile::<V, R, C, FULL>(isa, tile, row..row + rows, sample, from..to);
                sample += C;
            }
            while sample + 2 <= self.samples {
                self.batch_tile::<V, R, 2, FULL>(isa, tile, row..row + rows, sample, from..to);
                sample += 2;
            }
            if sample < self.samples {
                self.batch_tile::<V, R, 1, FULL>(isa, tile, row..row + rows, sample, from..to);
            }
        }
    }

    /// `R` vectors of outputs of `C` samples, for the inputs from `from` to `to`.
    #[inline(always)]
    unsafe fn batch_tile<V, const R: usize, const C: usize, const FULL: bool>(
        &self,
        isa: V::Isa,
        tile: Tile<V, R, FULL>,
        Range { start: row, end }: Range<usize>,
        sample: usize,
        Range {
            start: from,
            end: to,
        }: Range<usize>,
    ) where
        V: Vector<Scalar = T>,
    {
        let rows = end - row;
        // SAFETY: as the caller says.
        unsafe {
            let y = self.y.add(sample * self.outputs + row);
            let mut sums = [[V::splat(isa, T::ZERO); R]; C];
            if from > 0 {
                for (c, sums) in sums.iter_mut().enumerate() {
                    *sums = tile.load(y.add(c * self.outputs));
                }
            } else if !self.bias.is_null() {
                sums = [tile.load(self.bias.add(row)); C];
            }
            let x = self.x.add(sample * self.inputs);
            let mut column = self.weight.add(from * self.outputs + row);
            for input in from..to {
                let weights = tile.load(column);
                for (c, sums) in sums.iter_mut().enumerate() {
                    let x = V::splat(isa, *x.add(c * self.inputs + input));
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum = weight.mul_add(x, *sum);
                    }
                }
                column = column.add(self.outputs);
            }
            if to == self.inputs {
                self.function.map_short(isa, &mut sums);
            }
            for (c, sums) in sums.iter().enumerate() {
                tile.store(sums, y.add(c * self.outputs));
            }
            if to == self.inputs && self.function.is_long() {
                self.apply(isa, row, rows, sample, C);
            }
        }
    }
}

/// `N` vectors side by side in memory, the last of which may be partial unless the tile is `FULL`.
#[derive(Clone, Copy)]
struct Tile<V: Vector, const N: usize, const FULL: bool> {
    isa: V::Isa,
    last: V::Mask,
}

impl<V: Vector, const N: usize, const FULL: bool> Tile<V, N, FULL> {
    /// Of `len` numbers: more than `N − 1` vectors hold and at most as many as `N` do.
    #[inline(always)]
    fn new(isa: V::Isa, len: usize) -> Self {
        let last = V::mask(isa, len - (N - 1) * V::LANES);
        Self { isa, last }
    }

    #[inline(always)]
    unsafe fn load(self, from: *const V::Scalar) -> [V; N] {
        // No closure: it would be a function of its own, without this one's instruction set.
        let mut vectors = [V::splat(self.isa, V::Scalar::ZERO); N];
        for (i, vector) in vectors.iter_mut().enumerate() {
            *vector = unsafe { self.one(from, i) };
        }
        vectors
    }

    #[inline(always)]
    unsafe fn one(self, from: *const V::Scalar, i: usize) -> V {
        unsafe {
            let from = from.add(i * V::LANES);
            if FULL || i + 1 < N {
                V::load(self.isa, from)
            } else {
                V::load_partial(self.isa, from, self.last)
            }
        }
    }

    /// Adds weights times `x`, one by one: they need no registers besides the sums'.
    #[inline(always)]
    unsafe fn add_product(self, weights: *const V::Scalar, x: V, sums: &mut [V; N]) {
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum = unsafe { self.one(weights, i) }.mul_add(x, *sum);
        }
    }

    #[inline(always)]
    unsafe fn store(self, vectors: &[V; N], to: *mut V::Scalar) {
        for (i, vector) in vectors.iter().enumerate() {
            unsafe {
                let to = to.add(i * V::LANES);
                if FULL || i + 1 < N {
                    vector.store(to);
                } else {
                    vector.store_partial(to, self.last);
                }
            }
        }
    }
}
