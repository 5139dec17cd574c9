//! One lane, on any processor.

use super::{Isa, Vector};
use crate::kernels::{
    dispatch::{Kernel, Parts},
    math::square_root,
};

/// What every processor has.
#[derive(Clone, Copy)]
pub struct Portable;

/// One number.
#[derive(Clone, Copy)]
pub struct Lane<T>(pub T);

impl Isa for Portable {
    type Half = Self;

    #[inline(always)]
    fn half(self) -> Self {
        self
    }

    type F32 = Lane<f32>;
    type F64 = Lane<f64>;
    const WIDE: bool = false;

    #[inline(never)]
    fn call_with<K: Kernel>(self, (first, second, third, function): Parts<K>) -> K::Output {
        K::run(self, first, second, third, function)
    }
}

macro_rules! lane {
    ($T:ident) => {
        impl Vector for Lane<$T> {
            type Scalar = $T;
            type Isa = Portable;
            type Mask = ();
            const LANES: usize = 1;
            const FUSED: bool = false;

            #[inline(always)]
            fn splat(_: Portable, x: $T) -> Self {
                Self(x)
            }
            #[inline(always)]
            fn from_fn(_: Portable, mut f: impl FnMut(usize) -> $T) -> Self {
                Self(f(0))
            }
            #[inline(always)]
            fn for_each(self, mut f: impl FnMut(usize, $T)) {
                f(0, self.0);
            }
            #[inline(always)]
            fn mask(_: Portable, _: usize) {}
            #[inline(always)]
            unsafe fn load(_: Portable, from: *const $T) -> Self {
                // SAFETY: by the caller.
                Self(unsafe { *from })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $T) {
                // SAFETY: by the caller.
                unsafe { *to = self.0 };
            }
            #[inline(always)]
            unsafe fn load_partial(_: Portable, from: *const $T, (): ()) -> Self {
                // SAFETY: by the caller: a mask has one lane at least.
                Self(unsafe { *from })
            }
            #[inline(always)]
            unsafe fn store_partial(self, to: *mut $T, (): ()) {
                // SAFETY: as above.
                unsafe { *to = self.0 };
            }
            #[inline(always)]
            fn keep(self, (): (), _: Self) -> Self {
                self
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                Self(self.0 * other.0)
            }
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                Self(self.0 / other.0)
            }
            #[inline(always)]
            #[allow(clippy::cast_lossless, reason = "one text for both types")]
            fn sqrt(self) -> Self {
                // Rounded from twice the digits, the root is that of one rounding.
                Self(square_root(self.0 as f64) as $T)
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                Self(self.0 * factor.0 + term.0)
            }
            #[inline(always)]
            fn mul_sub_from(self, factor: Self, term: Self) -> Self {
                Self(term.0 - self.0 * factor.0)
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                if self.0 > other.0 { self } else { other }
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                if self.0 < other.0 { self } else { other }
            }
            #[inline(always)]
            fn select_less(self, other: Self, then: Self, otherwise: Self) -> Self {
                if self.0 < other.0 { then } else { otherwise }
            }
            #[inline(always)]
            fn copysign(self, sign: Self) -> Self {
                Self(self.0.copysign(sign.0))
            }
            #[inline(always)]
            fn shift_to_exponent(self) -> Self {
                Self($T::from_bits(self.0.to_bits() << ($T::MANTISSA_DIGITS - 1)))
            }
            #[inline(always)]
            fn first(self) -> $T {
                self.0
            }
            #[inline(always)]
            fn sum(self, _: usize) -> $T {
                self.0
            }
            #[inline(always)]
            fn largest(self, _: usize) -> $T {
                self.0
            }
        }
    };
}

lane!(f32);
lane!(f64);
