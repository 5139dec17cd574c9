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
type Framed<T> = (*const T, usize);

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

    /// The value itself, where every tap is there, or a copy, if there is room for it.
    #[inline(always)]
    unsafe fn framed<V: Vector<Scalar = T>>(
        &self,
        isa: V::Isa,
        scratch: &mut Scratch<T>,
    ) -> Option<Framed<T>> {
        let (rows, columns) = (&self.rows, &self.columns);
        if rows.inside() == (0..rows.outputs) && columns.inside() == (0..columns.outputs) {
            return Some((self.x, columns.size));
        }
        let (height, width) = (rows.width(), columns.width());
        let first = scratch.zeros::<V>(isa, height.saturating_mul(width))?;
        let len = columns.size.min(width.saturating_sub(columns.padding));
        for row in 0..rows.size.min(height.saturating_sub(rows.padding)) {
            let to = (row + rows.padding) * width + columns.padding;
            // SAFETY: the row is one of the value, and there is room for it.
            unsafe { copy::<V>(isa, self.x.add(self.from(row, 0)), first.add(to), len) };
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
        // Of an odd number of places, a pool leaves the last one out.
        let [height, width] = if self.halves {
            [self.rows.outputs & !1, self.columns.outputs & !1]
        } else {
            [self.rows.outputs, self.columns.outputs]
        };
        let last = width - V::LANES;
        let mut row = 0;
        while row < height {
            let mut column = 0;
            while column < width {
                let mut columns = [0; P];
                for (p, at) in columns.iter_mut().enumerate() {
                    *at = (column + p % (P / 2) * V::LANES).min(last);
                }
                let mut first = 0;
                while first < self.outputs {
                    let at = first.min(self.outputs - M);
                    // SAFETY: there are so many places, and so many outputs.
                    unsafe {
                        self.plane::<V, M, P>(isa, framed, (row.min(height - 2), columns), at);
                    }
                    first += M;
                }
                column += P / 2 * V::LANES;
            }
            row += 2;
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
            let row = self.rows.start(row + p / (P / 2));
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
            if let Some(four) = sums.first_chunk() {
                self.put_four::<V, P>(isa, *four, (row, columns), first);
            }
            if M > 4
                && let Some(four) = sums.last_chunk()
            {
                self.put_four::<V, P>(isa, *four, (row, columns), first + M - 4);
            }
        }
    }

    /// Stores the function of four outputs from `first` on.
    #[inline(always)]
    unsafe fn put_four<V: Vector<Scalar = T>, const P: usize>(
        &self,
        isa: V::Isa,
        mut sums: [[V; P]; 4],
        (row, columns): (usize, [usize; P]),
        first: usize,
    ) {
        self.function.map_short(isa, &mut sums);
        // SAFETY: by the caller.
        unsafe {
            self.put_places::<V, P>(isa, &sums, (row, columns[0]), first, 0);
            if P > 2 {
                self.put_places::<V, P>(isa, &sums, (row, columns[1]), first, 1);
            }
        }
    }

    /// Stores what is in part `p` of each row.
    #[inline(always)]
    unsafe fn put_places<V: Vector<Scalar = T>, const P: usize>(
        &self,
        isa: V::Isa,
        [a, b, c, d]: &[[V; P]; 4],
        (row, column): (usize, usize),
        first: usize,
        p: usize,
    ) {
        let (outputs, y, q) = (self.outputs, self.y.wrapping_add(first), p + P / 2);
        let [upper, lower] = [[a[p], b[p], c[p], d[p]], [a[q], b[q], c[q], d[q]]];
        // SAFETY: by the caller.
        unsafe {
            if self.halves {
                let mut largest = upper;
                for (largest, lower) in largest.iter_mut().zip(lower) {
                    *largest = largest.maximum(isa, lower);
                }
                let place = row / 2 * (self.columns.outputs / 2) + column / 2;
                let to = y.wrapping_add(place * outputs);
                let [a, b, c, d] = V::turned_four(largest);
                a.maximum(isa, b).store_fours(to, 2 * outputs);
                let to = to.wrapping_add(outputs);
                c.maximum(isa, d).store_fours(to, 2 * outputs);
            } else {
                for (row, four) in [(row, upper), (row + 1, lower)] {
                    let to = y.wrapping_add(self.to(row, column));
                    V::scatter_four(isa, four, to, outputs);
                }
            }
        }
    }
}
