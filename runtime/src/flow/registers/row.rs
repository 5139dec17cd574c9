//! All numbers of a sample together, in registers.

use super::{Of, Registers};
use crate::{
    kernels::{
        Row,
        isa::{Isa, Vector},
        load_some,
    },
    value::Value,
};

/// A value whose numbers are all in registers.
pub(super) struct InRow<'r, 'a, X: Value, I: Isa> {
    pub(super) isa: I,
    pub(super) of: &'r mut Registers<'a, X, I>,
}

impl<X: Value, I: Isa> Row<X::Scalar> for InRow<'_, '_, X, I> {
    type V = Of<X, I>;

    #[inline(always)]
    fn isa(&self) -> I {
        self.isa
    }

    #[inline(always)]
    fn width(&self) -> usize {
        X::LEN
    }

    #[inline(always)]
    fn vectors(&self) -> usize {
        X::LEN.div_ceil(Registers::<X, I>::LANES)
    }

    #[inline(always)]
    fn get(&self, index: usize) -> Of<X, I> {
        self.of.vectors.as_ref()[index]
    }

    #[inline(always)]
    fn set(&mut self, index: usize, vector: Of<X, I>) {
        self.of.vectors.as_mut()[index] = vector;
    }

    #[inline(always)]
    fn keep(&self, index: usize, vector: Of<X, I>, other: Of<X, I>) -> Of<X, I> {
        vector.keep(Registers::<X, I>::mask(self.isa, index), other)
    }

    #[inline(always)]
    fn sum(&self, vector: Of<X, I>) -> Of<X, I> {
        vector.spread_sum(self.isa, X::LEN)
    }

    #[inline(always)]
    fn largest(&self, vector: Of<X, I>) -> Of<X, I> {
        vector.spread_largest(self.isa, X::LEN)
    }

    #[inline(always)]
    fn once(&self, vector: Of<X, I>, f: impl Fn(X::Scalar) -> X::Scalar) -> Of<X, I> {
        Vector::splat(self.isa, f(vector.first()))
    }

    #[inline(always)]
    fn beside(&self, index: usize, numbers: &[X::Scalar]) -> Of<X, I> {
        load_some(self.isa, index, numbers)
    }
}
