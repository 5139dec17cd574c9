//! The way there of a value with one channel, where the outputs of a place don't fill a register, but the
//! places of a row do: a vector has the same output of places beside one another. Two rows of outputs go
//! together, which is what a pool of 2×2 takes.

use super::{
    Convolution,
    rows::{Scratch, copy},
};
use crate::{
    kernels::{
        dispatch::Kernel,
        function::Function,
        isa::{Isa, Vector},
    },
    scalar::Scalar,
};

/// A convolution in planes, if that suits it. Says whether it did.
pub(super) struct Planes<'a, T>(pub(super) &'a Convolution<T>);

impl<'a, T: Scalar> Kernel for Planes<'a, T> {
    type Output = bool;
    type First = &'a Convolution<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a Convolution<T>, (), (), Function) {
        (self.0, (), (), self.0.function)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, of: &'a Convolution<T>, (): (), (): (), _: Function) -> bool {
        if !T::Vector::<I>::FOURS {
            return false;
        }
        let of = *of;
        let mut scratch = Scratch::new();
        // SAFETY: the operands are what the type says.
        unsafe {
            let Some(framed) = of.framed::<T::Vector<I>>(isa, &mut scratch) else {
                return false;
            };
            if I::WIDE {
                of.by_outputs::<T::Vector<I>, 4>(isa, framed);
            } else {
                of.by_outputs::<T::Vector<I>, 2>(isa, framed);
            }
        }
        true
    }
}

/// A value with the zeros around it that windows see: the first number, and how far it is from one row to the
/// next.
pub(super) type Framed<T> = (*const T, usize);

impl<T: Scalar> Convolution<T> {
    /// Whether it takes fewer vectors than one place after another.
    #[inline(always)]
    pub(super) fn suits_planes<V: Vector<Scalar = T>>(&self) -> bool {
        let (width, outputs) = (self.columns.outputs, self.outputs);
        let [by_place, by_output] = [
            width * outputs.div_ceil(V::LANES),
            outputs * width.div_ceil(V::LANES),
        ];
        V::FOURS
            && self.inputs == 1
            && self.columns.stride == 1
            && outputs >= 4
            && self.rows.outputs >= 2
            && width >= V::LANES
            && by_output < by_place
    }

    /// How many rows and columns of outputs are calculated: of an odd number, a pool leaves the last one out.
    #[inline(always)]
    pub(super) fn calculated(&self) -> [usize; 2] {
        let [height, width] = [self.rows.outputs, self.columns.outputs];
        if self.halves {
            [height & !1, width & !1]
        } else {
            [height, width]
        }
    }

    /// The value itself, where every tap is there, or a copy, if there is room for it.
    #[inline(always)]
    pub(super) unsafe fn framed<V: Vector<Scalar = T>>(
        &self,
        isa: V::Isa,
        scratch: &mut Scratch<T>,
    ) -> Option<Framed<T>> {
        let (rows, columns) = (&self.rows, &self.columns);
        if rows.inside() == (0..rows.outputs) && columns.inside() == (0..columns.outputs) {
            return Some((self.x, columns.size * self.inputs));
        }
        let (height, width) = (rows.width(), columns.width().saturating_mul(self.inputs));
        let first = scratch.zeros::<V>(isa, height.saturating_mul(width))?;
        let before = columns.padding.saturating_mul(self.inputs);
        let len = (columns.size * self.inputs).min(width.saturating_sub(before));
        for row in 0..rows.size.min(height.saturating_sub(rows.padding)) {
            let to = first.wrapping_add((row + rows.padding) * width);
            // SAFETY: the row is one of the value, and there is room for it.
            unsafe {
                let from = self.x.add(self.from(row, 0));
                copy::<V>(isa, from, to.wrapping_add(before), len);
            }
        }
        Some((first, width))
    }

    /// Six outputs at a time, or four.
    #[inline(always)]
    unsafe fn by_outputs<V: Vector<Scalar = T>, const P: usize>(
        &self,
        isa: V::Isa,
        framed: Framed<T>,
    ) {
        let count = self.outputs;
        // SAFETY: by the caller; there are so many outputs.
        unsafe {
            if count >= 6 && count.div_ceil(6) * 6 <= count.div_ceil(4) * 4 {
                self.rows_by_two::<V, 6, P>(isa, framed);
            } else {
                self.rows_by_two::<V, 4, P>(isa, framed);
            }
        }
    }

    /// All outputs, by `M` of `P / 2` vectors of places in two rows. What is left at an end is calculated with
    /// some before it once more.
    #[inline(always)]
    unsafe fn rows_by_two<V: Vector<Scalar = T>, const M: usize, const P: usize>(
        &self,
        isa: V::Isa,
        framed: Framed<T>,
    ) {
        let [height, width] = self.calculated();
        let last = width - V::LANES;
        // Outputs last would have the compiler keep at hand, for each place, what only others of them need.
        for first in (0..self.outputs).step_by(M) {
            let first = first.min(self.outputs - M);
            for row in (0..height).step_by(2) {
                for column in (0..width).step_by(P / 2 * V::LANES) {
                    let mut columns = [0; P];
                    for (p, at) in columns.iter_mut().enumerate() {
                        *at = (column + p % (P / 2) * V::LANES).min(last);
                    }
                    let place = (row.min(height - 2), columns);
                    // SAFETY: there are so many places, and so many outputs.
                    unsafe { self.plane::<V, M, P>(isa, framed, place, first) };
                }
            }
        }
    }

    /// `M` outputs of `P` vectors of places, of which one half is in the next row.
    #[inline(always)]
    unsafe fn plane<V: Vector<Scalar = T>, const M: usize, const P: usize>(
        &self,
        isa: V::Isa,
        (from, next): Framed<T>,
        (row, columns): (usize, [usize; P]),
        first: usize,
    ) {
        let mut sums = [[V::splat(isa, T::ZERO); P]; M];
        let mut x = [from; P];
        for (p, x) in x.iter_mut().enumerate() {
            let row = (row + p / (P / 2)) * self.rows.stride;
            *x = x.wrapping_add(row * next + columns[p]);
        }
        let step = (self.rows.dilation * next)
            .wrapping_sub(self.columns.dilation.wrapping_mul(self.columns.taps));
        let mut weight = self.weight.wrapping_add(first);
        // SAFETY: every tap sees numbers of the frame, and there are so many outputs.
        unsafe {
            if !self.bias.is_null() {
                for (m, sums) in sums.iter_mut().enumerate() {
                    *sums = [V::splat(isa, *self.bias.add(first + m)); P];
                }
            }
            for _ in 0..self.rows.taps {
                for _ in 0..self.columns.taps {
                    let mut places = [V::splat(isa, T::ZERO); P];
                    for (places, x) in places.iter_mut().zip(&mut x) {
                        *places = V::load(isa, *x);
                        *x = x.wrapping_add(self.columns.dilation);
                    }
                    for (m, sums) in sums.iter_mut().enumerate() {
                        let weight = V::splat(isa, *weight.add(m));
                        for (sum, places) in sums.iter_mut().zip(places) {
                            *sum = weight.mul_add(places, *sum);
                        }
                    }
                    weight = weight.wrapping_add(self.outputs);
                }
                for x in &mut x {
                    *x = x.wrapping_add(step);
                }
            }
            if self.halves {
                self.put_largest::<V, M, P>(isa, sums, (row, columns), first);
            } else {
                self.function.map_short(isa, &mut sums);
                self.put_four::<V, M, P>(isa, &sums, (row, columns), [first, 0]);
                if M > 4 {
                    self.put_four::<V, M, P>(isa, &sums, (row, columns), [first, M - 4]);
                }
            }
        }
    }

    /// Stores four outputs from `m` of them on.
    #[inline(always)]
    unsafe fn put_four<V: Vector<Scalar = T>, const M: usize, const P: usize>(
        &self,
        isa: V::Isa,
        sums: &[[V; P]; M],
        (row, columns): (usize, [usize; P]),
        [first, m]: [usize; 2],
    ) {
        let y = self.y.wrapping_add(first + m);
        for p in 0..P {
            let four = [sums[m][p], sums[m + 1][p], sums[m + 2][p], sums[m + 3][p]];
            let to = y.wrapping_add(self.to(row + p / (P / 2), columns[p]));
            // SAFETY: by the caller.
            unsafe { V::scatter_four(isa, four, to, self.outputs) };
        }
    }

    /// Stores the largest of each 2×2 of six outputs or four.
    #[inline(always)]
    #[allow(clippy::needless_range_loop, reason = "a column of four rows")]
    unsafe fn put_largest<V: Vector<Scalar = T>, const M: usize, const P: usize>(
        &self,
        isa: V::Isa,
        mut sums: [[V; P]; M],
        (row, columns): (usize, [usize; P]),
        first: usize,
    ) {
        for sums in &mut sums {
            let (upper, lower) = sums.split_at_mut(P / 2);
            for (upper, lower) in upper.iter_mut().zip(lower) {
                *upper = upper.maximum(isa, *lower);
            }
        }
        let y = self.y.wrapping_add(first);
        let row = row / 2 * (self.columns.outputs / 2);
        let to = |p: usize| y.wrapping_add((row + columns[p] / 2) * self.outputs);
        let next = 2 * self.outputs;
        // SAFETY: by the caller.
        unsafe {
            for p in 0..P / 2 {
                let four = [sums[0][p], sums[1][p], sums[2][p], sums[3][p]];
                let [even, odd] = self.largest_of_columns(isa, four);
                even.store_fours(to(p), next);
                odd.store_fours(to(p).wrapping_add(self.outputs), next);
            }
            if const { M == 6 && P == 4 } {
                let four = [sums[4][0], sums[5][0], sums[4][1], sums[5][1]];
                let [even, odd] = self.largest_of_columns(isa, four);
                let to = [to(0).wrapping_add(4), to(1).wrapping_add(4)];
                even.store_twos(to, next);
                odd.store_twos(to.map(|to| to.wrapping_add(self.outputs)), next);
            } else if M == 6 {
                let four = [sums[2][0], sums[3][0], sums[4][0], sums[5][0]];
                let [even, odd] = self.largest_of_columns(isa, four);
                even.store_fours(to(0).wrapping_add(2), next);
                odd.store_fours(to(0).wrapping_add(2 + self.outputs), next);
            }
        }
    }

    /// The function of the largest of each two places beside one another, turned: of every second such pair from
    /// the first on and from the second on.
    #[inline(always)]
    fn largest_of_columns<V: Vector<Scalar = T>>(&self, isa: V::Isa, four: [V; 4]) -> [V; 2] {
        let [a, b, c, d] = V::turned_four(four);
        let mut largest = [[a.maximum(isa, b), c.maximum(isa, d)]];
        self.function.map_short(isa, &mut largest);
        largest[0]
    }
}
