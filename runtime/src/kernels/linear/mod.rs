//! `y = function(weight · x + bias)` for one sample or many, with sizes as arguments or, for one
//! sample, known to the compiler.
//!
//! The weights lie as nalgebra keeps them: column by column, `outputs` numbers each. A tile of
//! outputs stays in registers while the inputs go by: each adds its column times itself.

mod back;
mod batch;
mod one;
mod packed;
mod product;
mod stream;
mod transpose;
mod ways;

use core::ptr;

pub(crate) use back::MANY_SAMPLES;
pub(super) use back::add_columns;
pub use back::{InputGradient, WeightGradient};
pub(super) use batch::{PACKED, Packed};
pub(crate) use product::opaque;
pub(super) use product::{Product, Walk, hidden};
pub(super) use transpose::transpose;
pub(crate) use transpose::transpose_little;
pub(crate) use ways::OneSample;

use super::{
    dispatch::Kernel,
    function::{Apply, Function},
    isa::{Isa, Vector},
};
use crate::scalar::Scalar;

/// The operands. Whoever has one may run it: they were shown to be right when it was made.
#[derive(Clone, Copy)]
pub struct Linear<T> {
    weight: *const T,
    bias: *const T,
    x: *const T,
    y: *mut T,
    inputs: usize,
    outputs: usize,
    samples: usize,
    function: Function,
    /// Where numbers are prefetched from, if it isn't null, for each of `y` one: a hint, which only large tiles of
    /// `f32` follow.
    ahead: *const T,
}

/// Where the numbers of a layer are. A pair is passed in registers; a larger struct is not.
#[derive(Clone, Copy)]
pub struct Weights<T> {
    /// Column by column.
    pub weight: *const T,
    /// Null for none.
    pub bias: *const T,
}

impl<T> Weights<T> {
    /// `bias` may be empty.
    #[inline(always)]
    pub(crate) fn new(weight: &[T], bias: &[T], outputs: usize) -> Self {
        Self {
            weight: weight.as_ptr(),
            bias: if bias.len() == outputs {
                bias.as_ptr()
            } else {
                ptr::null()
            },
        }
    }
}

/// Where the values are that enter and leave.
#[derive(Clone, Copy)]
pub struct Values<T> {
    /// The samples, one after another.
    pub x: *const T,
    /// The outputs, one sample after another.
    pub y: *mut T,
}

/// How many numbers enter and leave.
#[derive(Clone, Copy)]
pub struct Sizes {
    /// Of each sample.
    pub inputs: usize,
    /// Of each sample.
    pub outputs: usize,
}

impl Sizes {
    /// Those of a layer.
    #[must_use]
    #[inline(always)]
    pub(crate) const fn of<const IN: usize, const OUT: usize>() -> &'static Self {
        &Self {
            inputs: IN,
            outputs: OUT,
        }
    }
}

impl<'a, T: Scalar> Kernel for &'a Linear<T> {
    type Output = ();
    type First = &'a Linear<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a Linear<T>, (), (), Function) {
        (self, (), (), self.function)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, operands: &'a Linear<T>, (): (), (): (), _: Function) {
        // SAFETY: the operands are what the type says.
        unsafe { operands.batch::<T::Vector<I>>(isa) };
    }
}

impl<T: Scalar> Linear<T> {
    /// `function` is applied to each output; softmax to each sample.
    ///
    /// # Safety
    ///
    /// `weight` leads to `outputs` times `inputs` numbers, `bias` to `outputs` or is null, `x` to
    /// `samples` times `inputs`, and `y` to room for `samples` times `outputs` which nothing else
    /// refers to, for as long as it is used.
    #[must_use]
    #[inline(always)]
    pub unsafe fn new(
        Weights { weight, bias }: Weights<T>,
        Values { x, y }: Values<T>,
        &Sizes { inputs, outputs }: &Sizes,
        samples: usize,
        function: Function,
    ) -> Self {
        Self {
            weight,
            bias,
            x,
            y,
            inputs,
            outputs,
            samples,
            function,
            ahead: ptr::null(),
        }
    }

    /// The same, which may prefetch numbers from `ahead` on, for each that it writes one.
    #[must_use]
    #[inline(always)]
    pub(super) fn before(self, ahead: *const T) -> Self {
        Self { ahead, ..self }
    }

    /// The rest of a function of which registers have seen no part.
    #[inline(always)]
    unsafe fn apply<I: Isa>(&self, isa: I, row: usize, width: usize, sample: usize, rows: usize) {
        isa.call(Apply {
            // SAFETY: the rows are there.
            x: unsafe { self.y.add(sample * self.outputs + row) },
            width,
            stride: self.outputs,
            rows,
            function: self.function,
        });
    }

    /// The one output of a sample before the function: its weights are neighbours.
    #[inline(always)]
    unsafe fn dot<V: Vector<Scalar = T>>(&self, isa: V::Isa, sample: usize) -> T {
        const U: usize = 4;
        // SAFETY: what is read stays below `inputs`.
        unsafe {
            let x = self.x.add(sample * self.inputs);
            let mut sums = [V::splat(isa, T::ZERO); U];
            if !self.bias.is_null() {
                sums[0] = V::load_partial(isa, self.bias, V::mask(isa, 1));
            }
            let mut input = 0;
            while input + U * V::LANES <= self.inputs {
                for (u, sum) in sums.iter_mut().enumerate() {
                    let at = input + u * V::LANES;
                    let weight = V::load(isa, self.weight.add(at));
                    *sum = weight.mul_add(V::load(isa, x.add(at)), *sum);
                }
                input += U * V::LANES;
            }
            while input < self.inputs {
                let mask = V::mask(isa, (self.inputs - input).min(V::LANES));
                let weight = V::load_partial(isa, self.weight.add(input), mask);
                sums[0] = weight.mul_add(V::load_partial(isa, x.add(input), mask), sums[0]);
                input += V::LANES;
            }
            sums[0].add(sums[1]).add(sums[2].add(sums[3])).sum(V::LANES)
        }
    }

    /// That output, with the function.
    #[inline(always)]
    unsafe fn single<V: Vector<Scalar = T>>(&self, isa: V::Isa) -> T {
        // SAFETY: by the caller.
        let sum = unsafe { self.dot::<V>(isa, 0) };
        if let Function::Identity = self.function {
            return sum;
        }
        self.finished(isa, V::splat(isa, sum), V::mask(isa, 1))
            .first()
    }
}

/// `N` vectors side by side in memory, the last of which may be partial unless the tile is `FULL`.
#[derive(Clone, Copy)]
pub(super) struct Tile<V: Vector, const N: usize, const FULL: bool> {
    pub(super) isa: V::Isa,
    last: V::Mask,
    /// The last vector is whole, which may be known only when the program runs.
    is_full: bool,
}

impl<V: Vector, const N: usize, const FULL: bool> Tile<V, N, FULL> {
    /// Of `len` numbers: more than `N − 1` vectors hold and at most as many as `N` do.
    #[inline(always)]
    pub(super) fn new(isa: V::Isa, len: usize) -> Self {
        let last = V::mask(isa, len - (N - 1) * V::LANES);
        let is_full = FULL || len == N * V::LANES;
        Self { isa, last, is_full }
    }

    #[inline(always)]
    pub(super) unsafe fn load(self, from: *const V::Scalar) -> [V; N] {
        // No closure: it would be a function of its own, without this one's instruction set.
        let mut vectors = [V::splat(self.isa, V::Scalar::ZERO); N];
        for (i, vector) in vectors.iter_mut().enumerate() {
            *vector = unsafe {
                let from = from.add(i * V::LANES);
                if FULL || i + 1 < N {
                    V::load(self.isa, from)
                } else {
                    V::load_partial(self.isa, from, self.last)
                }
            };
        }
        vectors
    }

    #[inline(always)]
    pub(super) unsafe fn store(self, vectors: &[V; N], to: *mut V::Scalar) {
        for (i, vector) in vectors.iter().enumerate() {
            unsafe {
                let to = to.add(i * V::LANES);
                // What is read soon after a masked write waits until that is in the cache.
                if self.is_full || i + 1 < N {
                    vector.store(to);
                } else {
                    vector.store_partial(to, self.last);
                }
            }
        }
    }
}
