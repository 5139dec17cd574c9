//! The way there where each channel is by itself and windows are three places wide: what they share is read
//! once, and what is outside of the value isn't read, so that no row is copied.

use super::{Convolution, forward::cost};
use crate::{
    kernels::{
        dispatch::Kernel,
        function::Function,
        isa::{Isa, Vector},
        linear::{Tile, opaque},
    },
    scalar::Scalar,
};

impl<T> Convolution<T> {
    /// Whether windows are three places beside each other, of which one is outside at most.
    pub(super) fn is_three_wide(&self) -> bool {
        let columns = &self.columns;
        self.is_depthwise()
            && columns.taps == 3
            && columns.dilation == 1
            && columns.stride == 1
            && columns.padding <= 1
            && columns.outputs < columns.size + columns.padding
    }
}

/// A convolution of windows that are [three places wide](Convolution::is_three_wide), but for functions that
/// take longer than a few instructions.
pub(super) struct ThreeWide<'a, T>(pub(super) &'a Convolution<T>);

impl<'a, T: Scalar> Kernel for ThreeWide<'a, T> {
    type Output = ();
    type First = &'a Convolution<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a Convolution<T>, (), (), Function) {
        (self.0, (), (), self.0.function)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, of: &'a Convolution<T>, (): (), (): (), _: Function) {
        let of = *of;
        let count = of.columns.outputs;
        // SAFETY: there are so many columns.
        unsafe {
            if count >= 8 && cost::<8>(count) <= cost::<5>(count) {
                of.three_wide::<T::Vector<I>, 8>(isa);
            } else if cost::<5>(count) < cost::<4>(count) {
                of.three_wide::<T::Vector<I>, 5>(isa);
            } else if count >= 4 {
                of.three_wide::<T::Vector<I>, 4>(isa);
            } else {
                of.three_wide::<T::Vector<I>, 1>(isa);
            }
        }
    }
}

/// A row of outputs, or some of them side by side.
#[derive(Clone, Copy)]
struct Row<T> {
    /// What the first tap sees of the first place, which may be outside.
    x: *const T,
    /// The first tap that sees places, and how many rows of taps do.
    weight: *const T,
    taps: usize,
    bias: *const T,
    y: *mut T,
}

impl<T> Row<T> {
    /// The same from a channel on.
    #[inline(always)]
    fn from(self, channel: usize) -> Self {
        Self {
            x: self.x.wrapping_add(channel),
            weight: self.weight.wrapping_add(channel),
            bias: self.bias.wrapping_add(channel),
            y: self.y.wrapping_add(channel),
            ..self
        }
    }
}

impl<T: Scalar> Convolution<T> {
    /// All rows, `C` columns at a time.
    #[inline(always)]
    unsafe fn three_wide<V: Vector<Scalar = T>, const C: usize>(&self, isa: V::Isa) {
        for row in 0..self.rows.outputs {
            let taps = self.rows.taps_at(row);
            let x = if taps.is_empty() {
                0
            } else {
                self.from(self.rows.place(row, taps.start), 0)
            };
            let before = self.columns.padding * self.inputs;
            let weight = self.column([taps.start, 0], 0);
            let row = Row {
                x: self.x.wrapping_add(x).wrapping_sub(before),
                weight: self.weight.wrapping_add(weight),
                taps: taps.len(),
                bias: self.bias,
                y: self.y.wrapping_add(self.to(row, 0)),
            };
            let mut first = 0;
            while first < self.outputs {
                let (left, row) = (self.outputs - first, row.from(first));
                // SAFETY: channels stay below those of the value.
                unsafe {
                    if V::Isa::WIDE && left >= 2 * V::LANES {
                        let tile = Tile::<V, 2, true>::new(isa, 2 * V::LANES);
                        self.channels::<V, 2, C, true>(tile, row);
                        first += 2 * V::LANES;
                    } else if !V::Isa::WIDE && left >= V::LANES {
                        self.channels::<V, 1, C, true>(Tile::new(isa, V::LANES), row);
                        first += V::LANES;
                    } else {
                        let count = left.min(V::LANES);
                        self.channels::<V, 1, C, false>(Tile::new(isa, count), row);
                        first += count;
                    }
                }
            }
        }
    }

    /// Some channels of a row. What is left at the end is calculated with some before it once more.
    #[inline(always)]
    unsafe fn channels<V: Vector<Scalar = T>, const R: usize, const C: usize, const FULL: bool>(
        &self,
        tile: Tile<V, R, FULL>,
        row: Row<T>,
    ) {
        let columns = &self.columns;
        let mut column = 0;
        while column < columns.outputs {
            let at = column.min(columns.outputs - C);
            let begins = at < columns.padding;
            let ends = at + C + 1 == columns.size + columns.padding;
            let row = Row {
                x: row.x.wrapping_add(at * self.inputs),
                y: row.y.wrapping_add(at * self.inputs),
                ..row
            };
            // SAFETY: by the caller.
            unsafe { self.beside::<V, R, C, FULL>(tile, row, [begins, ends]) };
            column = at + C;
        }
    }

    /// `C` columns, of which the first or the last may see a place outside.
    #[inline(always)]
    unsafe fn beside<V: Vector<Scalar = T>, const R: usize, const C: usize, const FULL: bool>(
        &self,
        tile: Tile<V, R, FULL>,
        row: Row<T>,
        [begins, ends]: [bool; 2],
    ) {
        let zero = [V::splat(tile.isa, T::ZERO); R];
        let channels = self.inputs;
        let next = self
            .rows
            .dilation
            .wrapping_mul(self.columns.size * channels);
        let (mut x, mut weight) = (row.x, row.weight);
        let mut sums = [zero; C];
        // SAFETY: the taps see places of the value but for those outside, and the tile's rows are channels.
        unsafe {
            if !self.bias.is_null() {
                sums = [tile.load(row.bias); C];
            }
            for _ in 0..row.taps {
                let left = tile.load(weight);
                let middle = tile.load(weight.add(channels));
                let right = tile.load(weight.add(2 * channels));
                weight = opaque(weight.wrapping_add(3 * channels));
                let mut one = if begins { zero } else { tile.load(x) };
                let mut at = x;
                let mut two = tile.load(at.wrapping_add(channels));
                for (c, sums) in sums.iter_mut().enumerate() {
                    // An address for three places: of each, the compiler would make one from the last.
                    if c % 3 == 1 {
                        at = opaque(at.wrapping_add(3 * channels));
                    }
                    let is_outside = c + 1 == C && ends;
                    let three = if is_outside {
                        zero
                    } else {
                        tile.load(at.wrapping_add((c + 2) % 3 * channels))
                    };
                    for (r, sum) in sums.iter_mut().enumerate() {
                        *sum = left[r].mul_add(one[r], *sum);
                        *sum = middle[r].mul_add(two[r], *sum);
                        *sum = right[r].mul_add(three[r], *sum);
                    }
                    (one, two) = (two, three);
                }
                x = opaque(x.wrapping_add(next));
            }
            self.function.map_short(tile.isa, &mut sums);
            let mut to = row.y;
            for sums in &sums {
                tile.store(sums, to);
                to = to.wrapping_add(channels);
            }
        }
    }
}
