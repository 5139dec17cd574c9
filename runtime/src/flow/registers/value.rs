//! A value in registers.

use core::mem::MaybeUninit;

use crate::{
    kernels::isa::{Isa, Vector},
    scalar::Scalar,
    value::Value,
};

pub(super) type Of<X, I> = <<X as Value>::Scalar as Scalar>::Vector<I>;

/// A value in its first ⌈LEN / LANES⌉ vectors, or, at the start, still in memory. The lanes after
/// the last number hold what the functions so far make of zero.
pub(super) struct Registers<'a, X: Value, I: Isa> {
    pub(super) memory: Option<&'a X>,
    pub(super) vectors: X::Lanes<Of<X, I>>,
}

impl<'a, X: Value, I: Isa> Registers<'a, X, I> {
    pub(super) const LANES: usize = <Of<X, I> as Vector>::LANES;

    #[inline(always)]
    pub(super) fn zeros(isa: I) -> Self {
        Self {
            memory: None,
            vectors: X::lanes(Vector::splat(isa, X::Scalar::ZERO)),
        }
    }

    #[inline(always)]
    pub(super) fn memory(isa: I, x: &'a X) -> Self {
        Self {
            memory: Some(x),
            ..Self::zeros(isa)
        }
    }

    /// The lanes of vector `index` that hold numbers.
    #[inline(always)]
    pub(super) fn mask(isa: I, index: usize) -> <Of<X, I> as Vector>::Mask {
        Of::<X, I>::mask(isa, (X::LEN - index * Self::LANES).min(Self::LANES))
    }

    #[inline(always)]
    pub(super) fn load(isa: I, numbers: &[X::Scalar]) -> Self {
        let mut loaded = Self::zeros(isa);
        if let (1, [number]) = (X::LEN, numbers) {
            // What was just written need not be read from memory.
            let zero = loaded.vectors.as_ref()[0];
            let number = Of::<X, I>::splat(isa, *number);
            loaded.vectors.as_mut()[0] = number.keep(Self::mask(isa, 0), zero);
        } else if numbers.len() == X::LEN {
            let vectors = loaded.vectors.as_mut();
            let mut index = 0;
            while index * Self::LANES < X::LEN {
                // SAFETY: there are `LEN` numbers, and the mask leaves out the rest.
                vectors[index] = unsafe {
                    let from = numbers.as_ptr().add(index * Self::LANES);
                    Vector::load_partial(isa, from, Self::mask(isa, index))
                };
                index += 1;
            }
        }
        loaded
    }

    /// The same, with every number in a register.
    #[inline(always)]
    pub(super) fn loaded(&self, isa: I) -> X::Lanes<Of<X, I>> {
        match self.memory {
            Some(x) => Self::load(isa, x.as_slice()).vectors,
            None => self.vectors,
        }
    }

    #[inline(always)]
    pub(super) fn into_value(self, isa: I) -> X {
        if let Some(x) = self.memory {
            return x.clone();
        }
        if const { X::LEN == 1 } {
            // Not by way of memory.
            let mut value = X::zeros();
            value.as_mut_slice()[0] = self.vectors.as_ref()[0].first();
            return value;
        }
        let mut value = MaybeUninit::<X>::uninit();
        let mut index = 0;
        while index * Self::LANES < X::LEN {
            // SAFETY: there is room for `LEN` numbers.
            unsafe {
                let to = value
                    .as_mut_ptr()
                    .cast::<X::Scalar>()
                    .add(index * Self::LANES);
                let n = (X::LEN - index * Self::LANES).min(Self::LANES);
                self.vectors.as_ref()[index].store_first(isa, to, n);
            }
            index += 1;
        }
        // SAFETY: a value is its numbers.
        unsafe { value.assume_init() }
    }
}
