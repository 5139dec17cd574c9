//! Many samples.

use core::ops::Range;

use super::{Linear, Tile};
use crate::{
    Scalar,
    kernels::{
        function::{Apply, Function},
        isa::{Isa, Vector},
    },
};

type HalfOf<V> = <<V as Vector>::Isa as Isa>::Half;

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
            } else if V::Isa::WIDE {
                self.panels::<V, 4>(isa);
            } else {
                self.panels::<V, 2>(isa);
            }
            if let Function::Softmax = self.function {
                self.apply(isa, 0, self.outputs, 0, self.samples);
            }
        }
    }

    /// Panels of `R` vectors of outputs and then fewer, for all samples. A panel whose weights
    /// outgrow the cache goes through the samples once for each part of the inputs.
    #[inline(always)]
    unsafe fn panels<V: Vector<Scalar = T>, const R: usize>(&self, isa: V::Isa) {
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
                    } else if left > <T::Vector<HalfOf<V>> as Vector>::LANES {
                        self.panel::<V, 1, 12, false>(isa, row, left, from, to);
                    } else {
                        self.panel::<T::Vector<HalfOf<V>>, 1, 12, false>(
                            isa.half(),
                            row,
                            left,
                            from,
                            to,
                        );
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
