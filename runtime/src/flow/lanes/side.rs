//! All numbers of some samples together, in lanes.

use super::MOST_LANES;
use crate::{
    kernels::{Row, isa::Vector},
    scalar::Scalar,
};

/// Samples side by side: a vector for each number.
pub(super) struct Side<'r, V: Vector> {
    pub(super) isa: V::Isa,
    pub(super) numbers: &'r mut [V],
}

impl<V: Vector> Row<V::Scalar> for Side<'_, V> {
    type V = V;

    #[inline(always)]
    fn isa(&self) -> V::Isa {
        self.isa
    }

    #[inline(always)]
    fn width(&self) -> usize {
        self.numbers.len()
    }

    #[inline(always)]
    fn vectors(&self) -> usize {
        self.numbers.len()
    }

    #[inline(always)]
    fn get(&self, index: usize) -> V {
        self.numbers[index]
    }

    #[inline(always)]
    fn set(&mut self, index: usize, vector: V) {
        self.numbers[index] = vector;
    }

    #[inline(always)]
    fn keep(&self, _: usize, vector: V, _: V) -> V {
        vector
    }

    #[inline(always)]
    fn sum(&self, vector: V) -> V {
        vector
    }

    #[inline(always)]
    fn largest(&self, vector: V) -> V {
        vector
    }

    #[inline(always)]
    fn once(&self, vector: V, f: impl Fn(V::Scalar) -> V::Scalar) -> V {
        let mut each = [V::Scalar::ZERO; MOST_LANES];
        vector.for_each(|lane, x| each[lane] = f(x));
        V::from_fn(self.isa, |lane| each[lane])
    }

    #[inline(always)]
    fn beside(&self, index: usize, numbers: &[V::Scalar]) -> V {
        let number = numbers.get(index).copied();
        V::splat(self.isa, number.unwrap_or(V::Scalar::ZERO))
    }
}
