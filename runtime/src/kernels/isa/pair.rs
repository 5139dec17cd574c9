//! Two registers side by side, as if they were one: a long function is a chain of steps of which each
//! waits for the one before, and a processor doesn't look far enough ahead to find the next
//! register's chain by itself.

use super::{Isa, Vector};
use crate::kernels::{
    dispatch::{Kernel, Parts},
    tables::Table,
};

/// An instruction set with its registers in pairs.
#[derive(Clone, Copy)]
pub(in crate::kernels) struct Pairs<I>(pub(in crate::kernels) I);

impl<I: Isa> Isa for Pairs<I> {
    type Half = I;

    #[inline(always)]
    fn half(self) -> I {
        self.0
    }

    type F32 = PairF32<I>;
    type F64 = PairF64<I>;
    const WIDE: bool = false;

    #[inline(always)]
    fn call_with<K: Kernel>(self, (first, second, third, function): Parts<K>) -> K::Output {
        K::run(self, first, second, third, function)
    }
}

/// Methods of both registers.
macro_rules! both {
    ($($name:ident($($other:ident),*);)*) => {$(
        #[inline(always)]
        fn $name(self, $($other: Self),*) -> Self {
            Self(self.0.$name($($other.0),*), self.1.$name($($other.1),*))
        }
    )*};
}

macro_rules! pair {
    ($Pair:ident $T:ident $field:ident) => {
        /// Two registers.
        #[derive(Clone, Copy)]
        pub(in crate::kernels) struct $Pair<I: Isa>(I::$field, I::$field);

        impl<I: Isa> Vector for $Pair<I> {
            type Scalar = $T;
            type Isa = Pairs<I>;
            type Mask = [<I::$field as Vector>::Mask; 2];
            const LANES: usize = 2 * I::$field::LANES;
            const FUSED: bool = I::$field::FUSED;
            const ESTIMATES: bool = I::$field::ESTIMATES;
            const LOOKS_UP: bool = I::$field::LOOKS_UP;

            both! {
                add(other);
                sub(other);
                mul(other);
                div(other);
                sqrt();
                mul_add(factor, term);
                mul_sub_from(factor, term);
                max(other);
                min(other);
                select_less(other, then, otherwise);
                unless_below(least, zero);
                copysign(sign);
                shift_to_exponent();
            }

            #[inline(always)]
            fn splat(isa: Pairs<I>, x: $T) -> Self {
                Self(I::$field::splat(isa.0, x), I::$field::splat(isa.0, x))
            }
            #[inline(always)]
            fn from_fn(isa: Pairs<I>, mut f: impl FnMut(usize) -> $T) -> Self {
                let first = I::$field::from_fn(isa.0, &mut f);
                Self(
                    first,
                    I::$field::from_fn(isa.0, |lane| f(lane + I::$field::LANES)),
                )
            }
            #[inline(always)]
            fn for_each(self, mut f: impl FnMut(usize, $T)) {
                self.0.for_each(&mut f);
                self.1.for_each(|lane, x| f(lane + I::$field::LANES, x));
            }
            #[inline(always)]
            fn mask(isa: Pairs<I>, n: usize) -> Self::Mask {
                let rest = n.saturating_sub(I::$field::LANES);
                [n - rest, rest].map(|n| I::$field::mask(isa.0, n))
            }
            #[inline(always)]
            unsafe fn load(isa: Pairs<I>, from: *const $T) -> Self {
                // SAFETY: by the caller, of both halves.
                unsafe {
                    let second = from.add(I::$field::LANES);
                    Self(I::$field::load(isa.0, from), I::$field::load(isa.0, second))
                }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $T) {
                // SAFETY: by the caller, of both halves.
                unsafe {
                    self.0.store(to);
                    self.1.store(to.add(I::$field::LANES));
                }
            }
            #[inline(always)]
            unsafe fn load_partial(isa: Pairs<I>, from: *const $T, mask: Self::Mask) -> Self {
                let second = from.wrapping_add(I::$field::LANES);
                // SAFETY: by the caller, of both halves.
                unsafe {
                    Self(
                        I::$field::load_partial(isa.0, from, mask[0]),
                        I::$field::load_partial(isa.0, second, mask[1]),
                    )
                }
            }
            #[inline(always)]
            unsafe fn store_partial(self, to: *mut $T, mask: Self::Mask) {
                // SAFETY: by the caller, of both halves.
                unsafe {
                    self.0.store_partial(to, mask[0]);
                    self.1
                        .store_partial(to.wrapping_add(I::$field::LANES), mask[1]);
                }
            }
            #[inline(always)]
            fn keep(self, mask: Self::Mask, other: Self) -> Self {
                Self(self.0.keep(mask[0], other.0), self.1.keep(mask[1], other.1))
            }
            #[inline(always)]
            fn first(self) -> $T {
                self.0.first()
            }
            #[inline(always)]
            fn sum(self, used: usize) -> $T {
                self.0.add(self.1).sum(used.min(I::$field::LANES))
            }
            #[inline(always)]
            fn largest(self, used: usize) -> $T {
                self.0.max(self.1).largest(used.min(I::$field::LANES))
            }
            #[inline(always)]
            fn estimate_reciprocal(self, isa: Pairs<I>) -> Self {
                Self(
                    self.0.estimate_reciprocal(isa.0),
                    self.1.estimate_reciprocal(isa.0),
                )
            }
            #[inline(always)]
            fn estimate_inverse_root(self) -> Option<Self> {
                Some(Self(
                    self.0.estimate_inverse_root()?,
                    self.1.estimate_inverse_root()?,
                ))
            }
            #[inline(always)]
            fn look_up<const SHIFT: u32, const LEN: usize>(
                self,
                table: &Table<$T, LEN>,
            ) -> Option<Self> {
                Some(Self(
                    self.0.look_up::<SHIFT, LEN>(table)?,
                    self.1.look_up::<SHIFT, LEN>(table)?,
                ))
            }
            #[inline(always)]
            fn negative_magnitude(self, bound: Self) -> Option<Self> {
                Some(Self(
                    self.0.negative_magnitude(bound.0)?,
                    self.1.negative_magnitude(bound.1)?,
                ))
            }
            #[inline(always)]
            fn below_zero_else_one(self, isa: Pairs<I>, x: Self) -> Option<Self> {
                Some(Self(
                    self.0.below_zero_else_one(isa.0, x.0)?,
                    self.1.below_zero_else_one(isa.0, x.1)?,
                ))
            }
            #[inline(always)]
            fn but_at_infinities(self, isa: Pairs<I>, x: Self) -> Option<Self> {
                Some(Self(
                    self.0.but_at_infinities(isa.0, x.0)?,
                    self.1.but_at_infinities(isa.0, x.1)?,
                ))
            }
            #[inline(always)]
            fn scale_by_floor(self, n: Self) -> Option<Self> {
                Some(Self(
                    self.0.scale_by_floor(n.0)?,
                    self.1.scale_by_floor(n.1)?,
                ))
            }
            #[inline(always)]
            fn side_by_side([a, b]: [Self; 2]) -> [Self; 2] {
                let first = I::$field::side_by_side([a.0, b.0]);
                let second = I::$field::side_by_side([a.1, b.1]);
                [Self(first[0], second[0]), Self(first[1], second[1])]
            }
            #[inline(always)]
            fn abs(self, isa: Pairs<I>) -> Self {
                Self(self.0.abs(isa.0), self.1.abs(isa.0))
            }
            #[inline(always)]
            fn scale(self, isa: Pairs<I>, n: Self) -> Self {
                Self(self.0.scale(isa.0, n.0), self.1.scale(isa.0, n.1))
            }
        }
    };
}

pair! { PairF32 f32 F32 }
pair! { PairF64 f64 F64 }
