//! The largest number, or the mean, of what a window sees of each channel.

use core::ops::Range;

use super::{
    Function,
    convolution::Axis,
    dispatch::Kernel,
    isa::{Isa, Vector},
    linear::Tile,
};
use crate::scalar::Scalar;

/// Which places the outputs see along one dimension.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Span {
    /// A window that slides.
    Sliding(Axis),
    /// As many outputs as are asked for, which share the places among one another.
    Shared { size: usize, outputs: usize },
}

impl Span {
    fn size(&self) -> usize {
        match self {
            Self::Sliding(axis) => axis.size,
            Self::Shared { size, .. } => *size,
        }
    }

    fn outputs(&self) -> usize {
        match self {
            Self::Sliding(axis) => axis.outputs,
            Self::Shared { outputs, .. } => *outputs,
        }
    }

    /// The outputs that see as many places as all others among them, each a stride behind the last.
    fn inside(&self) -> Range<usize> {
        match self {
            Self::Sliding(axis) => axis.inside(),
            Self::Shared { .. } => 0..0,
        }
    }

    fn stride(&self) -> usize {
        match self {
            Self::Sliding(axis) => axis.stride,
            Self::Shared { .. } => 1,
        }
    }

    /// The first place that an output sees, how many it sees, and how far it is from one to the next.
    #[inline(always)]
    fn seen(&self, output: usize) -> [usize; 3] {
        match self {
            Self::Sliding(axis) => {
                let taps = axis.taps_at(output);
                if taps.is_empty() {
                    [0, 0, 1]
                } else {
                    [axis.place(output, taps.start), taps.len(), axis.dilation]
                }
            }
            Self::Shared { size, outputs } => {
                let outputs = (*outputs).max(1);
                let first = output * size / outputs;
                let end = ((output + 1) * size).div_ceil(outputs);
                [first, end - first, 1]
            }
        }
    }

    /// Whether each output sees the next two places, of as many as there are.
    #[inline]
    pub(crate) fn halves(&self) -> bool {
        match self {
            Self::Sliding(axis) => {
                // One by one: the compiler would compare arrays in memory, also of constants.
                let is_two = axis.taps == 2 && axis.stride == 2;
                let is_plain = axis.padding == 0 && axis.dilation == 1;
                is_two && is_plain && axis.outputs == axis.size / 2
            }
            Self::Shared { .. } => false,
        }
    }

    /// How many places it sees where the padding counts as well: what is behind it does not.
    fn counted(&self, output: usize) -> usize {
        match self {
            Self::Sliding(axis) => {
                let start = output.saturating_mul(axis.stride);
                let end = axis.size.saturating_add(axis.padding.saturating_mul(2));
                axis.taps.min(end.saturating_sub(start))
            }
            Self::Shared { .. } => self.seen(output)[1],
        }
    }
}

/// What is made of what a window sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pooled {
    /// The largest number.
    Largest,
    /// The sum, divided by the number of places; whether the padding counts.
    Mean { counts_padding: bool },
    /// The sum, divided by this.
    SumOver(f64),
}

/// The operands.
///
/// # Safety
///
/// Whoever makes one sees to it that `x` leads to a value of these sizes, and `y` to room for one of as
/// many places as there are outputs, which nothing else refers to.
#[derive(Clone, Copy)]
pub(crate) struct Pool<T> {
    pub(crate) x: *const T,
    pub(crate) y: *mut T,
    pub(crate) rows: Span,
    pub(crate) columns: Span,
    pub(crate) channels: usize,
    pub(crate) pooled: Pooled,
    pub(crate) function: Function,
}

impl<'a, T: Scalar> Kernel for &'a Pool<T> {
    type Output = ();
    type First = &'a Pool<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a Pool<T>, (), (), Function) {
        (self, (), (), self.function)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, pool: &'a Pool<T>, (): (), (): (), _: Function) {
        let (lanes, rows) = (T::Vector::<I>::LANES, pool.rows.outputs());
        let mut first = 0;
        while first < pool.channels {
            let left = pool.channels - first;
            let whole = if left >= lanes {
                rows
            } else {
                pool.rows_in_whole::<T::Vector<I>>()
            };
            // SAFETY: by whoever made it.
            unsafe {
                if whole > 0 {
                    let tile = Tile::new(isa, lanes);
                    pool.channels_from::<T::Vector<I>, true>(tile, first, 0..whole);
                }
                if whole < rows {
                    let tile = Tile::new(isa, left);
                    pool.channels_from::<T::Vector<I>, false>(tile, first, whole..rows);
                }
            }
            first += lanes;
        }
    }
}

/// Outputs side by side that are calculated together, where there are so many.
const N: usize = 5;

/// What an output sees: the first number, how far it is from one to the next, and how many there are, by
/// rows and columns; and how far it is to what the output beside it sees.
struct Seen<T> {
    first: *const T,
    rows: [usize; 2],
    columns: [usize; 2],
    beside: usize,
}

impl<T: Scalar> Pool<T> {
    /// How many rows may be read and written in whole vectors where the channels fill none: what is written
    /// too much is so before the output there is.
    #[inline(always)]
    fn rows_in_whole<V: Vector<Scalar = T>>(&self) -> usize {
        let (rows, columns) = (self.rows.outputs(), self.columns.outputs());
        let is_inside = self.rows.inside() == (0..rows) && self.columns.inside() == (0..columns);
        let fits = self.channels < V::LANES
            && columns.min(self.columns.size()) * self.channels >= V::LANES;
        if is_inside && fits && columns >= N && self.pooled == Pooled::Largest {
            rows - 1
        } else {
            0
        }
    }

    /// A vector of channels, in some rows.
    #[inline(always)]
    unsafe fn channels_from<V: Vector<Scalar = T>, const FULL: bool>(
        &self,
        tile: Tile<V, 1, FULL>,
        first: usize,
        rows: Range<usize>,
    ) {
        let outputs = self.columns.outputs();
        let mut inside = self.columns.inside();
        if inside.len() < N {
            inside = outputs..outputs;
        }
        for row in rows {
            let rows = self.rows.seen(row);
            // SAFETY: there are so many outputs, and those inside see alike.
            unsafe {
                for column in (0..inside.start).chain(inside.end..outputs) {
                    self.beside::<V, 1, FULL>(tile, (row, rows), column, first);
                }
                let mut column = inside.start;
                while column < inside.end {
                    // What is left at the end is calculated with some before it once more.
                    let at = column.min(inside.end - N);
                    self.beside::<V, N, FULL>(tile, (row, rows), at, first);
                    column = at + N;
                }
            }
        }
    }

    /// `C` outputs side by side, which see as many places.
    #[inline(always)]
    unsafe fn beside<V: Vector<Scalar = T>, const C: usize, const FULL: bool>(
        &self,
        tile: Tile<V, 1, FULL>,
        (row, rows): (usize, [usize; 3]),
        column: usize,
        first: usize,
    ) {
        let columns = self.columns.seen(column);
        let row_step = self.columns.size() * self.channels;
        // SAFETY: what is seen are places of the value, and the tile has no more than its channels.
        unsafe {
            let seen = Seen {
                first: self.x.add(self.place(rows[0], columns[0]) + first),
                rows: [rows[2].wrapping_mul(row_step), rows[1]],
                columns: [columns[2].wrapping_mul(self.channels), columns[1]],
                beside: self.columns.stride().wrapping_mul(self.channels),
            };
            let mut values = if self.pooled == Pooled::Largest {
                largest::<V, C, FULL>(tile, &seen)
            } else {
                let mut sums = sums::<V, C, FULL>(tile, &seen);
                let share = V::splat(tile.isa, self.share([row, column]));
                for [sum] in &mut sums {
                    *sum = sum.mul(share);
                }
                sums
            };
            self.function.map_short(tile.isa, &mut values);
            let outputs = self.columns.outputs();
            let mut to = self.y.add((row * outputs + column) * self.channels + first);
            for value in &values {
                tile.store(value, to);
                to = to.wrapping_add(self.channels);
            }
        }
    }

    /// Where a place's channels are.
    #[inline(always)]
    fn place(&self, row: usize, column: usize) -> usize {
        (row * self.columns.size() + column) * self.channels
    }

    /// What an output has of each number that it sees.
    fn share(&self, [row, column]: [usize; 2]) -> T {
        let count = match self.pooled {
            Pooled::SumOver(divisor) => divisor,
            Pooled::Mean {
                counts_padding: true,
            } => (self.rows.counted(row) * self.columns.counted(column)) as f64,
            _ => (self.rows.seen(row)[1] * self.columns.seen(column)[1]) as f64,
        };
        T::from_f64(1.0 / count)
    }

    /// Adds what the outputs give back to `dx`, a value that is zero before. The first of several largest
    /// numbers has it, as in PyTorch.
    pub(crate) fn back(&self, x: &[T], dy: &[T], dx: &mut [T]) {
        let places = |[first, count, step]: [usize; 3]| {
            let range: Range<usize> = 0..count;
            range.map(move |i| first + i * step)
        };
        for row in 0..self.rows.outputs() {
            for column in 0..self.columns.outputs() {
                let (rows, columns) = (self.rows.seen(row), self.columns.seen(column));
                let seen = || {
                    places(rows)
                        .flat_map(|row| places(columns).map(move |column| self.place(row, column)))
                };
                let from = (row * self.columns.outputs() + column) * self.channels;
                let dy = &dy[from..from + self.channels];
                if self.pooled == Pooled::Largest {
                    for (channel, dy) in dy.iter().enumerate() {
                        let mut largest: Option<usize> = None;
                        for at in seen().map(|at| at + channel) {
                            let is_larger =
                                |largest: usize| x[at] > x[largest] || x[at].to_f64().is_nan();
                            if largest.is_none_or(is_larger) {
                                largest = Some(at);
                            }
                        }
                        if let Some(at) = largest {
                            dx[at] += *dy;
                        }
                    }
                } else {
                    let share = self.share([row, column]);
                    for at in seen() {
                        for (dx, dy) in dx[at..at + self.channels].iter_mut().zip(dy) {
                            *dx += *dy * share;
                        }
                    }
                }
            }
        }
    }
}

/// The largest numbers that `C` outputs see. A NaN stays.
#[inline(always)]
unsafe fn largest<V: Vector, const C: usize, const FULL: bool>(
    tile: Tile<V, 1, FULL>,
    seen: &Seen<V::Scalar>,
) -> [[V; 1]; C] {
    let mut largest = [[V::splat(tile.isa, V::Scalar::NEG_INFINITY)]; C];
    for row in 0..seen.rows[1] {
        for column in 0..seen.columns[1] {
            let mut at = seen
                .first
                .wrapping_add(row * seen.rows[0] + column * seen.columns[0]);
            for [largest] in &mut largest {
                // SAFETY: by the caller.
                let [x] = unsafe { tile.load(at) };
                *largest = x.maximum(tile.isa, *largest);
                at = at.wrapping_add(seen.beside);
            }
        }
    }
    largest
}

/// The sums of what `C` outputs see: of one, by four that don't wait for each other.
#[inline(always)]
unsafe fn sums<V: Vector, const C: usize, const FULL: bool>(
    tile: Tile<V, 1, FULL>,
    seen: &Seen<V::Scalar>,
) -> [[V; 1]; C] {
    let zero = V::splat(tile.isa, V::Scalar::ZERO);
    if C == 1 {
        // SAFETY: by the caller.
        return [unsafe { sum::<V, FULL>(tile, seen) }; C];
    }
    let mut sums = [[zero]; C];
    for row in 0..seen.rows[1] {
        for column in 0..seen.columns[1] {
            let mut at = seen
                .first
                .wrapping_add(row * seen.rows[0] + column * seen.columns[0]);
            for [sum] in &mut sums {
                // SAFETY: by the caller.
                let [x] = unsafe { tile.load(at) };
                *sum = sum.add(x);
                at = at.wrapping_add(seen.beside);
            }
        }
    }
    sums
}

/// The sum of what an output sees.
#[inline(always)]
unsafe fn sum<V: Vector, const FULL: bool>(
    tile: Tile<V, 1, FULL>,
    seen: &Seen<V::Scalar>,
) -> [V; 1] {
    let ([row_step, mut rows], [step, mut columns]) = (seen.rows, seen.columns);
    // Whole rows are one.
    if columns.wrapping_mul(step) == row_step {
        (rows, columns) = (1, rows * columns);
    }
    let mut sums = [V::splat(tile.isa, V::Scalar::ZERO); 4];
    for row in 0..rows {
        let mut at = seen.first.wrapping_add(row * row_step);
        for _ in 0..columns / 4 {
            for sum in &mut sums {
                // SAFETY: by the caller.
                let [x] = unsafe { tile.load(at) };
                *sum = sum.add(x);
                at = at.wrapping_add(step);
            }
        }
        for _ in 0..columns % 4 {
            // SAFETY: as above.
            let [x] = unsafe { tile.load(at) };
            sums[0] = sums[0].add(x);
            at = at.wrapping_add(step);
        }
    }
    let [a, b, c, d] = sums;
    [a.add(b).add(c.add(d))]
}
