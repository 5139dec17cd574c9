//! Convolutions of each channel by itself.

use core::ops::Range;

use super::{Convolution, back::ConvolutionBack};
use crate::{kernels::isa::Vector, scalar::Scalar};

/// Outputs side by side that are calculated together.
const C: usize = 8;

impl<T: Scalar> Convolution<T> {
    /// A vector of channels after another.
    #[inline(always)]
    pub(super) unsafe fn each_channel<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        let inside = self.columns.inside();
        let mut first = 0;
        while first < self.inputs {
            let mask = V::mask(isa, (self.inputs - first).min(V::LANES));
            for row in 0..self.rows.outputs {
                // SAFETY: columns stay below those of the outputs; of those inside, each tap is there.
                unsafe {
                    let mut column = 0;
                    while column < self.columns.outputs {
                        if inside.contains(&column) {
                            column = inside.end;
                            continue;
                        }
                        let taps = self.columns.taps_at(column);
                        self.beside::<V, 1>(isa, (first, mask), [row, column], &taps);
                        column += 1;
                    }
                    let mut column = inside.start;
                    let all = 0..self.columns.taps;
                    while column < inside.end {
                        if inside.len() >= C {
                            let at = column.min(inside.end - C);
                            self.beside::<V, C>(isa, (first, mask), [row, at], &all);
                            column = at + C;
                        } else {
                            self.beside::<V, 1>(isa, (first, mask), [row, column], &all);
                            column += 1;
                        }
                    }
                }
            }
            first += V::LANES;
        }
    }

    /// `N` outputs side by side, which see the same taps.
    #[inline(always)]
    unsafe fn beside<V: Vector<Scalar = T>, const N: usize>(
        &self,
        isa: V::Isa,
        (first, mask): (usize, V::Mask),
        [row, column]: [usize; 2],
        taps: &Range<usize>,
    ) {
        let mut sums = [[V::splat(isa, T::ZERO)]; N];
        let step = self.columns.stride * self.inputs;
        // SAFETY: the taps see places of the value, and the mask leaves out what is no channel.
        unsafe {
            if !self.bias.is_null() {
                sums = [[V::load_partial(isa, self.bias.add(first), mask)]; N];
            }
            for row_tap in self.rows.taps_at(row) {
                let from = self.rows.place(row, row_tap);
                for tap in taps.clone() {
                    let weight = self.weight.add(self.column([row_tap, tap], 0) + first);
                    let weight = V::load_partial(isa, weight, mask);
                    let x = self
                        .x
                        .add(self.from(from, self.columns.place(column, tap)) + first);
                    for (n, [sum]) in sums.iter_mut().enumerate() {
                        let x = V::load_partial(isa, x.add(n * step), mask);
                        *sum = weight.mul_add(x, *sum);
                    }
                }
            }
            self.function.map_short(isa, &mut sums);
            for (n, [sum]) in sums.into_iter().enumerate() {
                sum.store_partial(self.y.add(self.to(row, column + n) + first), mask);
            }
        }
    }
}

impl<T: Scalar> ConvolutionBack<T> {
    /// The gradients of the weights and, if it is read, of what enters, which is zero before.
    #[inline(always)]
    pub(super) unsafe fn each_channel<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        let of = &self.of;
        let mut first = 0;
        while first < of.inputs {
            let mask = V::mask(isa, (of.inputs - first).min(V::LANES));
            for row_tap in 0..of.rows.taps {
                for tap in 0..of.columns.taps {
                    // SAFETY: as of `Convolution::each_channel`.
                    unsafe { self.one_tap::<V>(isa, (first, mask), [row_tap, tap]) };
                }
            }
            first += V::LANES;
        }
    }

    #[inline(always)]
    unsafe fn one_tap<V: Vector<Scalar = T>>(
        &self,
        isa: V::Isa,
        (first, mask): (usize, V::Mask),
        taps: [usize; 2],
    ) {
        let of = &self.of;
        let at = of.column(taps, 0) + first;
        // SAFETY: by the caller.
        unsafe {
            let weight = V::load_partial(isa, of.weight.add(at), mask);
            let mut sum = V::load_partial(isa, self.dw.add(at), mask);
            for row in of.rows.outputs_of(taps[0]) {
                let place = of.rows.place(row, taps[0]);
                for column in of.columns.outputs_of(taps[1]) {
                    let from = of.from(place, of.columns.place(column, taps[1])) + first;
                    let dy = V::load_partial(isa, self.dy.add(of.to(row, column) + first), mask);
                    sum = dy.mul_add(V::load_partial(isa, of.x.add(from), mask), sum);
                    if !self.dx.is_null() {
                        let dx = V::load_partial(isa, self.dx.add(from), mask);
                        weight
                            .mul_add(dy, dx)
                            .store_partial(self.dx.add(from), mask);
                    }
                }
            }
            sum.store_partial(self.dw.add(at), mask);
        }
    }
}
