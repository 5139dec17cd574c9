//! The activations that the kernels know: on vectors in registers, and on rows in memory.

use core::hint::black_box;

use super::{
    dispatch::Kernel,
    isa::{Isa, Vector},
    math,
};
use crate::scalar::Scalar;

/// An activation that needs no call between a layer's sums and its output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Function {
    /// `x`
    Identity,
    /// `max(x, 0)`
    ReLU,
    /// `min(max(x, 0), 6)`
    ReLU6,
    /// `x` where it is positive, else so many times `x`.
    LeakyReLU(f64),
    /// `eˣ`, which is part of softmax.
    Exp,
    /// `1 / (1 + e⁻ˣ)`
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// `e^(xᵢ − m) / Σⱼ e^(xⱼ − m)` over a row.
    Softmax,
}

impl Function {
    /// Whether it goes number by number and takes more than an instruction or two for each.
    pub(crate) const fn is_long(self) -> bool {
        matches!(self, Self::Exp | Self::Sigmoid | Self::Tanh)
    }

    /// Whether tiles leave it to a pass of its own over the rows.
    pub(crate) const fn is_left(self) -> bool {
        self.is_long() || matches!(self, Self::Softmax)
    }

    /// Applies it to vectors; not softmax, which is a function of more than one number.
    #[inline(always)]
    pub(crate) fn map<V: Vector, const N: usize>(self, isa: V::Isa, vectors: &mut [V; N]) {
        if cfg!(debug_assertions) {
            let x = vectors.as_mut_ptr().cast();
            return isa.call(MapVectors::<V::Scalar, N> { x, function: self });
        }
        self.map_here(isa, vectors);
    }

    /// The same as part of the function that it is written in.
    #[inline(always)]
    fn map_here<V: Vector, const N: usize>(self, isa: V::Isa, vectors: &mut [V; N]) {
        match self {
            Self::Exp => *vectors = math::exp(isa, *vectors),
            Self::Sigmoid => *vectors = math::sigmoid(isa, *vectors),
            Self::Tanh => *vectors = math::tanh(isa, *vectors),
            _ => self.map_short(isa, core::array::from_mut(vectors)),
        }
    }

    /// Whether [`slope`](Self::slope) takes the function's value, not its argument: only with a slope
    /// that is not negative does the value have the argument's sign.
    #[inline(always)]
    pub(crate) fn is_by_value(self) -> bool {
        !matches!(self, Self::LeakyReLU(slope) if slope < 0.0)
    }

    /// The derivative where the function has the value `y` (see [`is_by_value`](Self::is_by_value));
    /// not of softmax.
    #[inline(always)]
    pub(crate) fn slope<V: Vector>(self, isa: V::Isa, y: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let one = V::splat(isa, V::Scalar::ONE);
        match self {
            Self::ReLU => zero.select_less(y, one, zero),
            Self::ReLU6 => {
                let six = V::splat(isa, V::Scalar::from_f64(6.0));
                zero.select_less(y, y.select_less(six, one, zero), zero)
            }
            Self::LeakyReLU(slope) => zero.select_less(y, one, option(isa, slope)),
            Self::Exp => y,
            Self::Sigmoid => y.mul(one.sub(y)),
            Self::Tanh => y.mul_sub_from(y, one),
            Self::Identity | Self::Softmax => one,
        }
    }

    /// `dy` times the slope.
    #[inline(always)]
    pub(crate) fn back<V: Vector>(self, isa: V::Isa, y: V, dy: V) -> V {
        if let Self::ReLU = self {
            let zero = V::splat(isa, V::Scalar::ZERO);
            return zero.select_less(y, dy, zero);
        }
        dy.mul(self.slope(isa, y))
    }

    /// The same where it takes an instruction or two; nothing where it is longer. The choice is
    /// made once for the whole tile: with one in each round, a loop isn't unrolled, and what it
    /// goes through doesn't stay in registers.
    #[inline(always)]
    pub(crate) fn map_short<V: Vector, const N: usize, const M: usize>(
        self,
        isa: V::Isa,
        tile: &mut [[V; N]; M],
    ) {
        let zero = V::splat(isa, V::Scalar::ZERO);
        match self {
            // In this order `max` and `min` keep NaN and −0.
            Self::ReLU => {
                for x in tile.as_flattened_mut() {
                    *x = zero.max(*x);
                }
            }
            Self::ReLU6 => {
                let six = V::splat(isa, V::Scalar::from_f64(6.0));
                for x in tile.as_flattened_mut() {
                    *x = six.min(zero.max(*x));
                }
            }
            Self::LeakyReLU(slope) => {
                // What is not taken must not overflow either: the product is of what is below zero.
                let slope = option(isa, slope);
                for x in tile.as_flattened_mut() {
                    *x = zero.select_less(*x, *x, zero.min(*x).mul(slope));
                }
            }
            _ => {}
        }
    }
}

/// An option in every lane. The optimiser must not convert it before it is known that the function
/// has one: what is in its place may be too large for the other type.
#[inline(always)]
fn option<V: Vector>(isa: V::Isa, option: f64) -> V {
    V::splat(isa, V::Scalar::from_f64(black_box(option)))
}

/// [`Function::map`] in a function of its own: a debug build, which drops nothing, would have the code of all
/// functions at each layer of each network.
///
/// # Safety
///
/// Whoever makes one sees to it that `x` leads to `N` vectors, which nothing else refers to.
struct MapVectors<T, const N: usize> {
    x: *mut T,
    function: Function,
}

impl<T: Scalar, const N: usize> Kernel for MapVectors<T, N> {
    type Output = ();
    type First = *mut T;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (*mut T, (), (), Function) {
        (self.x, (), (), self.function)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, x: *mut T, (): (), (): (), function: Function) {
        // SAFETY: they are there.
        function.map_here(isa, unsafe { &mut *x.cast::<[T::Vector<I>; N]>() });
    }
}

/// Applies a function to rows in place.
///
/// # Safety
///
/// Whoever makes one sees to it that `x` leads to `rows` rows of `width` numbers, each `stride`
/// after the one before, which nothing else refers to.
#[derive(Clone, Copy)]
pub(crate) struct Apply<T> {
    pub(crate) x: *mut T,
    pub(crate) width: usize,
    pub(crate) stride: usize,
    pub(crate) rows: usize,
    pub(crate) function: Function,
}

impl<T: Scalar> Kernel for Apply<T> {
    type Output = ();
    type First = (*mut T, usize);
    type Second = (usize, usize);
    type Third = ();

    #[inline(always)]
    fn parts(self) -> ((*mut T, usize), (usize, usize), (), Function) {
        (
            (self.x, self.width),
            (self.stride, self.rows),
            (),
            self.function,
        )
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        (x, width): (*mut T, usize),
        (stride, rows): (usize, usize),
        (): (),
        function: Function,
    ) {
        if width == 0 {
            return;
        }
        let rows = Self {
            x,
            width,
            stride,
            rows,
            function,
        };
        // SAFETY: the rows are what the type says.
        unsafe {
            match function {
                Function::Identity => {}
                Function::Softmax => rows.softmax::<T::Vector<I>>(isa),
                // Each function by itself: a loop with a choice in it keeps the constants of all.
                Function::Exp => rows.each::<T::Vector<I>>(isa, Function::Exp),
                Function::Sigmoid => rows.each::<T::Vector<I>>(isa, Function::Sigmoid),
                Function::Tanh => rows.each::<T::Vector<I>>(isa, Function::Tanh),
                Function::ReLU => rows.each::<T::Vector<I>>(isa, Function::ReLU),
                Function::ReLU6 => rows.each::<T::Vector<I>>(isa, Function::ReLU6),
                Function::LeakyReLU(slope) => {
                    rows.each::<T::Vector<I>>(isa, Function::LeakyReLU(slope));
                }
            }
        }
    }
}

impl<T: Scalar> Apply<T> {
    #[inline(always)]
    unsafe fn each<V: Vector<Scalar = T>>(&self, isa: V::Isa, function: Function) {
        let (mut rows, mut width) = (self.rows, self.width);
        if self.stride == width {
            // Without gaps they are one row.
            (rows, width) = (1, rows * width);
        }
        for row in 0..rows {
            // SAFETY: by the caller.
            unsafe {
                let x = self.x.add(row * self.stride);
                if width == 2 * V::LANES {
                    // What a tile of a batch leaves for each sample, without a loop in the loop.
                    replace::<V, 2>(isa, x, function);
                } else {
                    each::<V>(isa, x, width, function);
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn softmax<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        const ROWS: usize = 4;
        let mut row = 0;
        // SAFETY: by the caller.
        unsafe {
            while self.width <= V::LANES && row + ROWS <= self.rows {
                let x = self.x.add(row * self.stride);
                softmax_rows::<V, ROWS>(isa, x, self.width, self.stride);
                row += ROWS;
            }
            while row < self.rows {
                softmax::<V>(isa, self.x.add(row * self.stride), self.width);
                row += 1;
            }
        }
    }
}

/// Rows of one register each. They are all read before one is written: a read soon after a masked
/// write next to it waits until that is in the cache.
#[inline(always)]
unsafe fn softmax_rows<V: Vector, const ROWS: usize>(
    isa: V::Isa,
    x: *mut V::Scalar,
    width: usize,
    stride: usize,
) {
    let mask = V::mask(isa, width);
    let mut rows = [V::splat(isa, V::Scalar::ZERO); ROWS];
    for (i, row) in rows.iter_mut().enumerate() {
        // SAFETY: by the caller.
        *row = unsafe { V::load_partial(isa, x.add(i * stride), mask) };
    }
    softmax_in_registers(isa, &mut rows, mask);
    for (i, row) in rows.into_iter().enumerate() {
        // SAFETY: by the caller.
        unsafe { row.store_partial(x.add(i * stride), mask) };
    }
}

/// The softmax of rows of one register each, over the lanes of the mask.
#[inline(always)]
pub(super) fn softmax_in_registers<V: Vector, const ROWS: usize>(
    isa: V::Isa,
    rows: &mut [V; ROWS],
    mask: V::Mask,
) {
    let infinity = V::splat(isa, V::Scalar::NEG_INFINITY);
    let zero = V::splat(isa, V::Scalar::ZERO);
    for row in rows.iter_mut() {
        // A NaN may be lost here; its own exponential is NaN again.
        let largest = V::splat(isa, row.keep(mask, infinity).largest(V::LANES));
        *row = row.sub(largest);
    }
    *rows = math::exp_below_zero(isa, *rows);
    for row in rows {
        *row = row.mul(math::inverse(isa, row.keep(mask, zero).sum(V::LANES)));
    }
}

/// Replaces each of `len` numbers.
///
/// # Safety
///
/// `x` leads to `len` numbers.
#[inline(always)]
pub(super) unsafe fn each<V: Vector>(
    isa: V::Isa,
    x: *mut V::Scalar,
    len: usize,
    function: Function,
) {
    let mut i = 0;
    // SAFETY: what is read and written stays below `len`.
    unsafe {
        // Side by side they wait less for their own results, but need registers for it.
        while V::Isa::WIDE && i + 4 * V::LANES <= len {
            replace::<V, 4>(isa, x.add(i), function);
            i += 4 * V::LANES;
        }
        while i + V::LANES <= len {
            replace::<V, 1>(isa, x.add(i), function);
            i += V::LANES;
        }
        if i < len {
            let mask = V::mask(isa, len - i);
            let mut last = [V::load_partial(isa, x.add(i), mask)];
            function.map(isa, &mut last);
            last[0].store_partial(x.add(i), mask);
        }
    }
}

/// The same for `N` vectors.
#[inline(always)]
unsafe fn replace<V: Vector, const N: usize>(isa: V::Isa, x: *mut V::Scalar, function: Function) {
    let mut vectors = [V::splat(isa, V::Scalar::ZERO); N];
    // SAFETY: by the caller.
    unsafe {
        for (i, vector) in vectors.iter_mut().enumerate() {
            *vector = V::load(isa, x.add(i * V::LANES));
        }
        function.map(isa, &mut vectors);
        for (i, vector) in vectors.into_iter().enumerate() {
            vector.store(x.add(i * V::LANES));
        }
    }
}

/// # Safety
///
/// `x` leads to `len` numbers, one or more.
#[inline(always)]
unsafe fn softmax<V: Vector>(isa: V::Isa, x: *mut V::Scalar, len: usize) {
    let infinity = V::splat(isa, V::Scalar::NEG_INFINITY);
    let zero = V::splat(isa, V::Scalar::ZERO);
    let whole = len.saturating_sub(1) / V::LANES * V::LANES;
    let mask = V::mask(isa, len - whole);
    // SAFETY: below `whole` are whole vectors, and the mask has the rest.
    unsafe {
        let last = V::load_partial(isa, x.add(whole), mask);
        // A NaN may be lost here; its own exponential is NaN again.
        let mut largest = last.keep(mask, infinity);
        let mut i = 0;
        while i < whole {
            largest = largest.max(V::load(isa, x.add(i)));
            i += V::LANES;
        }
        let largest = V::splat(isa, largest.largest(V::LANES));

        let [last] = math::exp_below_zero(isa, [last.sub(largest)]);
        let mut sum = last.keep(mask, zero);
        let mut i = 0;
        while i < whole {
            let [e] = math::exp_below_zero(isa, [V::load(isa, x.add(i)).sub(largest)]);
            sum = sum.add(e);
            e.store(x.add(i));
            i += V::LANES;
        }
        let inverse = math::inverse(isa, sum.sum(V::LANES));

        let mut i = 0;
        while i < whole {
            V::load(isa, x.add(i)).mul(inverse).store(x.add(i));
            i += V::LANES;
        }
        last.mul(inverse).store_partial(x.add(whole), mask);
    }
}
