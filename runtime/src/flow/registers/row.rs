//! All numbers of a sample together, in registers.

use super::{Of, Registers};
use crate::{
    kernels::{
        Row,
        isa::{Isa, Vector},
        load_some, math,
    },
    scalar::Scalar,
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

/// Softmax of a value's vectors.
#[inline(always)]
pub(super) fn softmax<X: Value, I: Isa>(isa: I, vectors: &mut [Of<X, I>]) {
    let infinity = Of::<X, I>::splat(isa, X::Scalar::NEG_INFINITY);
    let zero = Of::<X, I>::splat(isa, X::Scalar::ZERO);
    let mut largest = vectors[0].keep(Registers::<X, I>::mask(isa, 0), infinity);
    for (index, x) in vectors.iter().enumerate().skip(1) {
        let mask = Registers::<X, I>::mask(isa, index);
        largest = largest.max(x.keep(mask, infinity));
    }
    let largest = largest.spread_largest(isa, X::LEN);
    let mut sum = zero;
    for (index, x) in vectors.iter_mut().enumerate() {
        let mask = Registers::<X, I>::mask(isa, index);
        *x = math::raised_exp_of_zero_or_less(isa, x.sub(largest).keep(mask, zero));
        let kept = x.keep(mask, zero);
        sum = if index == 0 { kept } else { sum.add(kept) };
    }
    if let [x] = vectors {
        *x = x.over_sum(isa, sum, X::LEN);
        return;
    }
    let inverse = math::inverse(isa, sum.sum(X::LEN));
    for x in vectors {
        *x = x.mul(inverse);
    }
}
