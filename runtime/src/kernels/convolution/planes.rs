//! The way there of a value with one channel, where the outputs of a place don't fill a register, but the
//! places of a row do: a vector has the same output of places beside one another.

use super::{Convolution, rows::Seen};
use crate::{kernels::isa::Vector, scalar::Scalar};

impl<T: Scalar> Convolution<T> {
    /// Whether it takes fewer vectors than one place after another, if every tap is there.
    #[inline(always)]
    pub(super) fn suits_planes<V: Vector<Scalar = T>>(&self, seen: &Seen<T>) -> bool {
        let (width, outputs) = (self.columns.outputs, self.outputs);
        let [by_place, by_output] = [
            width * outputs.div_ceil(V::LANES),
            outputs * width.div_ceil(V::LANES),
        ];
        let is_one = self.inputs == 1 && self.columns.stride == 1;
        V::FOURS
            && is_one
            && outputs >= 4
            && width >= V::LANES
            && by_output < by_place
            && seen.inside == (0..width)
    }

    /// A row of outputs, some of them at a time. What is left at the end is calculated with some before it
    /// once more.
    #[inline(always)]
    pub(super) unsafe fn planes<V: Vector<Scalar = T>>(&self, isa: V::Isa, seen: &Seen<T>) {
        let sixes = self.outputs.div_ceil(6) * 6 <= self.outputs.div_ceil(4) * 4;
        let mut column = 0;
        while column < self.columns.outputs {
            // SAFETY: there are so many places, and so many outputs.
            unsafe {
                if sixes && self.outputs >= 6 {
                    self.outputs_of::<V, 6>(isa, seen, column);
                } else {
                    self.outputs_of::<V, 4>(isa, seen, column);
                }
            }
            column += 2 * V::LANES;
        }
    }

    /// All outputs of two vectors of places, `M` at a time.
    #[inline(always)]
    unsafe fn outputs_of<V: Vector<Scalar = T>, const M: usize>(
        &self,
        isa: V::Isa,
        seen: &Seen<T>,
        column: usize,
    ) {
        let last = self.columns.outputs - V::LANES;
        let columns = [column.min(last), (column + V::LANES).min(last)];
        let mut first = 0;
        while first < self.outputs {
            // SAFETY: by the caller.
            unsafe { self.plane::<V, M>(isa, seen, columns, first.min(self.outputs - M)) };
            first += M;
        }
    }

    /// `M` outputs of two vectors of places.
    #[inline(always)]
    unsafe fn plane<V: Vector<Scalar = T>, const M: usize>(
        &self,
        isa: V::Isa,
        seen: &Seen<T>,
        columns: [usize; 2],
        first: usize,
    ) {
        let mut sums = [[V::splat(isa, T::ZERO); 2]; M];
        // SAFETY: every tap sees numbers of the row, and there are so many outputs.
        unsafe {
            if !self.bias.is_null() {
                for (m, sums) in sums.iter_mut().enumerate() {
                    *sums = [V::splat(isa, *self.bias.add(first + m)); 2];
                }
            }
            let mut row = seen.first;
            for tap in seen.taps.clone() {
                let mut weight = self.weight.add(self.column([tap, 0], 0) + first);
                let mut x = columns.map(|column| seen.place(row, self.before(column, 0)));
                for _ in 0..self.columns.taps {
                    let places = [V::load(isa, x[0]), V::load(isa, x[1])];
                    for (m, sums) in sums.iter_mut().enumerate() {
                        let weight = V::splat(isa, *weight.add(m));
                        for (sum, places) in sums.iter_mut().zip(places) {
                            *sum = weight.mul_add(places, *sum);
                        }
                    }
                    weight = weight.wrapping_add(self.outputs);
                    x = x.map(|x| x.wrapping_add(self.columns.dilation));
                }
                row = seen.after(row, self.rows.dilation);
            }
            self.function.map_short(isa, &mut sums);
            for (part, &column) in columns.iter().enumerate() {
                let to = self.y.add(self.to(seen.row, column) + first);
                let mut m = 0;
                while m < M {
                    let at = m.min(M - 4);
                    let four = [
                        sums[at][part],
                        sums[at + 1][part],
                        sums[at + 2][part],
                        sums[at + 3][part],
                    ];
                    V::scatter_four(isa, four, to.add(at), self.outputs);
                    m += 4;
                }
            }
        }
    }
}
