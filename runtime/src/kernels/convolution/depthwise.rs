//! Convolutions of each channel by itself.

use core::ops::Range;

use super::{Convolution, back::ConvolutionBack, forward::cost, rows::Seen};
use crate::{
    kernels::{
        isa::Vector,
        linear::{Tile, Walk},
    },
    scalar::Scalar,
};

impl<T: Scalar> Convolution<T> {
    /// A row of outputs, a vector of channels after another.
    #[inline(always)]
    pub(super) unsafe fn each_channel<V: Vector<Scalar = T>>(&self, isa: V::Isa, seen: &Seen<T>) {
        let mut first = 0;
        // SAFETY: channels stay below those of the value.
        unsafe {
            while first < self.inputs {
                let left = self.inputs - first;
                if left >= V::LANES {
                    self.channels::<V, true>(Tile::new(isa, V::LANES), seen, first);
                } else {
                    self.channels::<V, false>(Tile::new(isa, left), seen, first);
                }
                first += V::LANES;
            }
        }
    }

    /// A vector of channels, in each column.
    #[inline(always)]
    unsafe fn channels<V: Vector<Scalar = T>, const FULL: bool>(
        &self,
        tile: Tile<V, 1, FULL>,
        seen: &Seen<T>,
        first: usize,
    ) {
        let inside = seen.inside.clone();
        let count = inside.len();
        // SAFETY: columns stay below those of the outputs; of those inside, each tap is there.
        unsafe {
            for column in (0..inside.start).chain(inside.end..self.columns.outputs) {
                let taps = self.columns.taps_at(column);
                self.beside::<V, 1, FULL>(tile, seen, [first, column], &taps);
            }
            if cost::<5>(count) < cost::<8>(count) {
                self.all_beside::<V, 5, FULL>(tile, seen, first);
            } else if count >= 8 {
                self.all_beside::<V, 8, FULL>(tile, seen, first);
            } else {
                self.all_beside::<V, 1, FULL>(tile, seen, first);
            }
        }
    }

    /// Outputs side by side, `N` at a time, those at the end with some before them once more.
    #[inline(always)]
    unsafe fn all_beside<V: Vector<Scalar = T>, const N: usize, const FULL: bool>(
        &self,
        tile: Tile<V, 1, FULL>,
        seen: &Seen<T>,
        first: usize,
    ) {
        let (mut column, end) = (seen.inside.start, seen.inside.end);
        while column < end {
            let at = column.min(end - N);
            // SAFETY: by the caller; there are `N` at least.
            unsafe {
                let taps = 0..self.columns.taps;
                self.beside::<V, N, FULL>(tile, seen, [first, at], &taps);
            }
            column = at + N;
        }
    }

    /// `N` outputs side by side, which see the same taps.
    #[inline(always)]
    unsafe fn beside<V: Vector<Scalar = T>, const N: usize, const FULL: bool>(
        &self,
        tile: Tile<V, 1, FULL>,
        seen: &Seen<T>,
        [first, column]: [usize; 2],
        taps: &Range<usize>,
    ) {
        let mut sums = [[V::splat(tile.isa, T::ZERO)]; N];
        let tap_step = self.between().wrapping_add(1);
        // SAFETY: the taps see places of the value, and the tile has no more than its channels.
        unsafe {
            if !self.bias.is_null() {
                sums = [tile.load(self.bias.add(first)); N];
            }
            let mut row = seen.first;
            let weight = self.column([seen.taps.start, taps.start], 0) + first;
            let mut walk = Walk::<T, N>::new(
                self.weight.wrapping_add(weight),
                seen.place(row, self.before(column, taps.start).wrapping_add(first)),
                self.columns.stride.wrapping_mul(self.inputs),
            );
            let are_three = N > 1
                && self.columns.taps == 3
                && self.columns.dilation == 1
                && self.columns.stride == 1;
            for _ in seen.taps.clone() {
                if are_three {
                    walk.multiply_three(tile, self.outputs, &mut sums);
                    walk.skip(3 * self.outputs, 3 * tap_step);
                } else {
                    for _ in taps.clone() {
                        walk.multiply(tile, &mut sums);
                        walk.skip(self.outputs, tap_step);
                    }
                }
                let next = seen.after(row, self.rows.dilation);
                let come = taps.len().wrapping_mul(tap_step);
                walk.skip(
                    (self.columns.taps - taps.len()) * self.outputs,
                    seen.step(row, next).wrapping_sub(come),
                );
                row = next;
            }
            self.function.map_short(tile.isa, &mut sums);
            for (n, sum) in sums.iter().enumerate() {
                tile.store(sum, self.y.add(self.to(seen.row, column + n) + first));
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
