//! The largest number, or the mean, of what a window sees of each channel.

use core::ops::Range;

use super::{
    Function,
    convolution::Axis,
    dispatch::Kernel,
    isa::{Isa, Vector},
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
        let mut first = 0;
        while first < pool.channels {
            // SAFETY: by whoever made it.
            unsafe {
                if pool.channels - first >= 2 * T::Vector::<I>::LANES {
                    pool.channels_from::<T::Vector<I>, 2>(isa, first);
                    first += 2 * T::Vector::<I>::LANES;
                } else {
                    pool.channels_from::<T::Vector<I>, 1>(isa, first);
                    first += T::Vector::<I>::LANES;
                }
            }
        }
    }
}

impl<T: Scalar> Pool<T> {
    /// `N` vectors of channels, everywhere.
    #[inline(always)]
    unsafe fn channels_from<V: Vector<Scalar = T>, const N: usize>(
        &self,
        isa: V::Isa,
        first: usize,
    ) {
        let mask = V::mask(isa, (self.channels - first).min(V::LANES));
        for row in 0..self.rows.outputs() {
            let rows = self.rows.seen(row);
            for column in 0..self.columns.outputs() {
                let to = (row * self.columns.outputs() + column) * self.channels + first;
                let seen = [rows, self.columns.seen(column)];
                // SAFETY: what is seen are places of the value, and the mask leaves out what is no channel.
                unsafe {
                    let mut value = match self.pooled {
                        Pooled::Largest => self.largest::<V, N>(isa, (first, mask), seen),
                        _ => {
                            let mut sums = self.sums::<V, N>(isa, (first, mask), seen);
                            let share = V::splat(isa, self.share([row, column]));
                            for sum in &mut sums {
                                *sum = sum.mul(share);
                            }
                            sums
                        }
                    };
                    self.function
                        .map_short(isa, core::array::from_mut(&mut value));
                    for (n, value) in value.into_iter().enumerate() {
                        value.store_partial(self.y.add(to + n * V::LANES), mask);
                    }
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn largest<V: Vector<Scalar = T>, const N: usize>(
        &self,
        isa: V::Isa,
        (first, mask): (usize, V::Mask),
        [rows, columns]: [[usize; 3]; 2],
    ) -> [V; N] {
        let mut largest = [V::splat(isa, T::NEG_INFINITY); N];
        let infinity = V::splat(isa, T::ZERO).sub(largest[0]);
        for row in 0..rows[1] {
            for column in 0..columns[1] {
                let at = self.place(rows[0] + row * rows[2], columns[0] + column * columns[2]);
                for (n, largest) in largest.iter_mut().enumerate() {
                    // SAFETY: by the caller.
                    let x = unsafe {
                        V::load_partial(isa, self.x.add(at + first + n * V::LANES), mask)
                    };
                    // A NaN stays, whether it is the new number or the largest so far.
                    let larger = x.select_less(*largest, *largest, x);
                    *largest = largest.select_less(infinity, larger, *largest);
                }
            }
        }
        largest
    }

    #[inline(always)]
    unsafe fn sums<V: Vector<Scalar = T>, const N: usize>(
        &self,
        isa: V::Isa,
        (first, mask): (usize, V::Mask),
        [rows, columns]: [[usize; 3]; 2],
    ) -> [V; N] {
        let mut sums = [V::splat(isa, T::ZERO); N];
        for row in 0..rows[1] {
            for column in 0..columns[1] {
                let at = self.place(rows[0] + row * rows[2], columns[0] + column * columns[2]);
                for (n, sum) in sums.iter_mut().enumerate() {
                    // SAFETY: by the caller.
                    let x = unsafe {
                        V::load_partial(isa, self.x.add(at + first + n * V::LANES), mask)
                    };
                    *sum = sum.add(x);
                }
            }
        }
        sums
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
