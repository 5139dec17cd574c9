//! What the kernels ask of a processor: vectors of `f32` and `f64` and arithmetic on them, by
//! instruction set. The kernels are written once, over [`Isa`].
//!
//! A token (`Avx512`, …) is only made where its instructions are there, and a vector is only made
//! from a token or from another vector. So whoever holds a vector may calculate with it, and
//! arithmetic is safe; loads and stores are not, since they follow pointers.

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(any(
    target_arch = "aarch64",
    target_arch = "x86_64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
mod declare;
#[cfg(target_arch = "aarch64")]
mod neon;
mod pair;
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;
#[cfg(target_arch = "x86_64")]
mod x86;
#[cfg(target_arch = "x86_64")]
mod x86_lanes;

#[cfg(target_arch = "aarch64")]
pub use neon::Neon;
pub(super) use pair::Pairs;
pub use portable::{Lane, Portable};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use simd128::Simd128;
#[cfg(target_arch = "x86_64")]
pub use {
    avx512::{Avx512, Avx512Half},
    x86::{Avx2, Sse2},
};

use super::{
    dispatch::{Kernel, Parts},
    math::{Constants as _, inverse},
    tables::Table,
};
use crate::scalar::Scalar;

/// An instruction set: the proof that the processor has it, and its vectors.
pub trait Isa: Copy {
    /// Runs a kernel in a function of its own.
    #[inline(always)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        self.call_with::<K>(kernel.parts())
    }
    /// The same with its operands.
    fn call_with<K: Kernel>(self, parts: Parts<K>) -> K::Output;

    /// The same instructions on registers of half the width, if there are any: a few numbers cross
    /// fewer cache lines in them, and a processor may do two at a time.
    type Half: Isa;
    /// Its token.
    fn half(self) -> Self::Half;

    /// A register of `f32`.
    type F32: Vector<Scalar = f32, Isa = Self>;
    /// A register of `f64`.
    type F64: Vector<Scalar = f64, Isa = Self>;
    /// Whether there are 32 registers, and not 16.
    const WIDE: bool;
}

/// A register of numbers. Each method works on every lane by itself unless it says otherwise.
pub trait Vector: Copy {
    /// What the lanes are.
    type Scalar: Scalar<Vector<Self::Isa> = Self>;
    /// Whose register it is.
    type Isa: Isa;
    /// The first lanes, so many of them: what `mask` makes.
    type Mask: Copy;
    /// How many numbers it holds.
    const LANES: usize;
    /// Whether `mul_add` rounds once.
    const FUSED: bool;
    /// Whether [`permute`](Self::permute) is an instruction.
    const PERMUTES: bool = false;
    /// Whether [`look_up`](Self::look_up) is an instruction.
    const LOOKS_UP: bool = false;
    /// Whether [`pick_of_four`](Self::pick_of_four) is an instruction.
    const PICKS: bool = false;
    /// Whether [`reorder`](Self::reorder) is an instruction.
    const REORDERS: bool = false;

    /// `x` in every lane.
    fn splat(isa: Self::Isa, x: Self::Scalar) -> Self;
    /// `f(lane)` in each lane.
    fn from_fn(isa: Self::Isa, f: impl FnMut(usize) -> Self::Scalar) -> Self;
    /// Each lane's number and its index.
    fn for_each(self, f: impl FnMut(usize, Self::Scalar));
    /// The first `n` lanes, from one to all.
    fn mask(isa: Self::Isa, n: usize) -> Self::Mask;
    /// The same, of which the optimiser knows nothing: of a constant one it would make a blend for each load,
    /// which takes longer.
    #[inline(always)]
    fn hidden_mask(isa: Self::Isa, n: usize) -> Self::Mask {
        Self::mask(isa, n)
    }

    /// # Safety
    ///
    /// `LANES` numbers can be read.
    unsafe fn load(isa: Self::Isa, from: *const Self::Scalar) -> Self;
    /// # Safety
    ///
    /// `LANES` numbers can be written.
    unsafe fn store(self, to: *mut Self::Scalar);
    /// Zero in the lanes that the mask leaves out, which are not read.
    ///
    /// # Safety
    ///
    /// The numbers of the mask can be read.
    unsafe fn load_partial(isa: Self::Isa, from: *const Self::Scalar, mask: Self::Mask) -> Self;
    /// The same where it is known that more can be read, which may be faster.
    ///
    /// # Safety
    ///
    /// `LANES` numbers can be read.
    #[inline(always)]
    unsafe fn load_first(isa: Self::Isa, from: *const Self::Scalar, mask: Self::Mask) -> Self {
        // SAFETY: by the caller.
        unsafe { Self::load_partial(isa, from, mask) }
    }
    /// # Safety
    ///
    /// The numbers of the mask can be written.
    unsafe fn store_partial(self, to: *mut Self::Scalar, mask: Self::Mask);

    /// The same for the first `n` lanes, in whole pieces where that is better: what is read soon
    /// after a masked write waits until that is in the cache.
    ///
    /// # Safety
    ///
    /// `n` numbers can be written, one at least and no more than there are lanes.
    #[inline(always)]
    unsafe fn store_first(self, isa: Self::Isa, to: *mut Self::Scalar, n: usize) {
        // SAFETY: by the caller.
        unsafe { self.store_partial(to, Self::mask(isa, n)) };
    }

    /// The first `n` numbers and zeros, in the pieces that `store_first` writes: what was written just before
    /// need not get to the cache first.
    ///
    /// # Safety
    ///
    /// `n` numbers can be read, one at least and no more than there are lanes.
    #[inline(always)]
    unsafe fn load_pieces(isa: Self::Isa, from: *const Self::Scalar, n: usize) -> Self {
        // SAFETY: by the caller.
        unsafe { Self::load_partial(isa, from, Self::mask(isa, n)) }
    }

    /// Lane `lanes[i]` in each lane `i` of eight, where that is an instruction.
    #[must_use]
    #[inline(always)]
    fn reorder(self, _lanes: [u32; 8]) -> Self {
        self
    }

    /// `self` in the lanes of the mask, `other` in the rest.
    #[must_use]
    fn keep(self, mask: Self::Mask, other: Self) -> Self;
    #[must_use]
    fn add(self, other: Self) -> Self;
    #[must_use]
    fn sub(self, other: Self) -> Self;
    #[must_use]
    fn mul(self, other: Self) -> Self;
    #[must_use]
    fn div(self, other: Self) -> Self;
    #[must_use]
    fn sqrt(self) -> Self;
    /// `self · factor + term`, rounded once where the instruction set has that.
    #[must_use]
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// `term − self · factor`, rounded as `mul_add` is.
    #[must_use]
    fn mul_sub_from(self, factor: Self, term: Self) -> Self;
    /// `self` where it is larger, else `other`, also where one of them is NaN.
    #[must_use]
    fn max(self, other: Self) -> Self;
    /// The larger, and NaN where one of them is.
    #[must_use]
    #[inline(always)]
    fn maximum(self, isa: Self::Isa, other: Self) -> Self {
        let zero = Self::splat(isa, Self::Scalar::ZERO);
        let infinity = zero.sub(Self::splat(isa, Self::Scalar::NEG_INFINITY));
        // The sum of those that are not below infinity.
        let beyond = self
            .select_less(infinity, zero, self)
            .add(other.select_less(infinity, zero, other));
        beyond.select_less(infinity, self.max(other), beyond)
    }
    /// `self` where it is smaller, else `other`, also where one of them is NaN.
    #[must_use]
    fn min(self, other: Self) -> Self;
    /// `then` where `self < other`, else `otherwise`.
    #[must_use]
    fn select_less(self, other: Self, then: Self, otherwise: Self) -> Self;
    /// Zero, as `zero` has it, where |`self`| < `least`, which is positive, else `self`.
    #[must_use]
    #[inline(always)]
    fn unless_below(self, least: Self, zero: Self) -> Self {
        self.copysign(least).select_less(least, zero, self)
    }
    /// `self` without its sign.
    #[must_use]
    #[inline(always)]
    fn abs(self, isa: Self::Isa) -> Self {
        self.copysign(Self::splat(isa, Self::Scalar::ONE))
    }
    /// `self` with the sign of `sign`.
    #[must_use]
    fn copysign(self, sign: Self) -> Self;
    /// The bits, shifted left by as many as a mantissa has: a small integer that was added to
    /// 1.5 · 2^(mantissa bits) + (bias) becomes the exponent.
    #[must_use]
    fn shift_to_exponent(self) -> Self;
    /// The first lane.
    fn first(self) -> Self::Scalar;
    /// The sum of the lanes, where those from `used` on are zero.
    fn sum(self, used: usize) -> Self::Scalar;
    /// The sum of all lanes of each.
    #[inline(always)]
    fn sums([a, b, c, d]: [Self; 4]) -> [Self::Scalar; 4] {
        let lanes = Self::LANES;
        [a.sum(lanes), b.sum(lanes), c.sum(lanes), d.sum(lanes)]
    }
    /// The largest lane, where those from `used` on are no larger; any may be the answer if one is
    /// NaN.
    fn largest(self, used: usize) -> Self::Scalar;

    /// [`sum`](Self::sum) in each of the `used` lanes.
    #[must_use]
    #[inline(always)]
    fn spread_sum(self, isa: Self::Isa, used: usize) -> Self {
        Self::splat(isa, self.sum(used))
    }
    /// [`largest`](Self::largest) in each of the `used` lanes; any may be the answer if one is NaN.
    #[must_use]
    #[inline(always)]
    fn spread_largest(self, isa: Self::Isa, used: usize) -> Self {
        Self::splat(isa, self.largest(used))
    }

    /// Whether [`estimate_reciprocal`](Self::estimate_reciprocal) is faster than a division.
    const ESTIMATES: bool = false;
    /// About `1 / self` for normal numbers: 14 bits of it or more.
    #[must_use]
    #[inline(always)]
    fn estimate_reciprocal(self, isa: Self::Isa) -> Self {
        Self::splat(isa, Self::Scalar::ONE).div(self)
    }

    /// About `1 / √self` to 14 bits, and zero for zero, where that is faster than a root.
    #[must_use]
    #[inline(always)]
    fn estimate_inverse_root(self) -> Option<Self> {
        None
    }

    /// 0, 1, 2 and 3 as [`pick_of_four`](Self::pick_of_four) takes them, each in every lane, where
    /// that is an instruction.
    #[inline(always)]
    fn picks_of_four(isa: Self::Isa) -> [Self; 4] {
        [Self::splat(isa, Self::Scalar::ZERO); 4]
    }

    /// The numbers of four at (bits of `self`) mod 4, where that is an instruction.
    ///
    /// # Safety
    ///
    /// Four numbers can be read.
    #[inline(always)]
    unsafe fn pick_of_four(self, _from: *const Self::Scalar) -> Option<Self> {
        None
    }

    /// The lanes at (bits of `index`) mod `LANES`, where that is an instruction.
    #[must_use]
    #[inline(always)]
    fn permute(self, _index: Self) -> Option<Self> {
        None
    }

    /// The numbers of a table at (bits of `self` >> `SHIFT`) mod `LEN`, where that is an
    /// instruction.
    #[must_use]
    #[inline(always)]
    fn look_up<const SHIFT: u32, const LEN: usize>(
        self,
        _: &Table<Self::Scalar, LEN>,
    ) -> Option<Self> {
        None
    }

    /// −|`self`|, or −`bound` where that is larger or `self` is a quiet NaN, where that is an
    /// instruction. `bound` is positive.
    #[must_use]
    #[inline(always)]
    fn negative_magnitude(self, _bound: Self) -> Option<Self> {
        None
    }

    /// `self` where `x` is below zero, NaN where it is NaN, and 1 elsewhere, where that is an
    /// instruction.
    #[must_use]
    #[inline(always)]
    fn below_zero_else_one(self, _isa: Self::Isa, _x: Self) -> Option<Self> {
        None
    }

    /// `self`, but NaN where `x` is −∞, and ∞ where it is ∞, where that is an instruction.
    #[must_use]
    #[inline(always)]
    fn but_at_infinities(self, _isa: Self::Isa, _x: Self) -> Option<Self> {
        None
    }

    /// `self` · 2^⌊n⌋, rounded once, where that is an instruction.
    #[must_use]
    #[inline(always)]
    fn scale_by_floor(self, _n: Self) -> Option<Self> {
        None
    }

    /// `self · 2ⁿ` for whole `n`, rounded once also where the result is subnormal.
    #[must_use]
    #[inline(always)]
    fn scale(self, isa: Self::Isa, n: Self) -> Self {
        let magic = Self::splat(isa, Self::Scalar::MAGIC_AND_BIAS);
        let half = n.mul_add(Self::splat(isa, Self::Scalar::HALF), magic);
        let rest = n.sub(half.sub(magic)).add(magic);
        self.mul(half.shift_to_exponent())
            .mul(rest.shift_to_exponent())
    }

    /// One lane's number in every lane.
    #[must_use]
    #[inline(always)]
    fn broadcast(self, isa: Self::Isa, lane: usize) -> Self {
        let mut number = Self::Scalar::ZERO;
        self.for_each(|at, x| {
            if at == lane {
                number = x;
            }
        });
        Self::splat(isa, number)
    }

    /// The same in the first `used` lanes; the others hold numbers of `self` or zeros.
    #[must_use]
    #[inline(always)]
    fn broadcast_first(self, isa: Self::Isa, lane: usize, _used: usize) -> Self {
        self.broadcast(isa, lane)
    }

    /// The first `used` lanes over the [`sum`](Self::sum) of `terms`, which is positive; the others hold finite
    /// numbers.
    #[must_use]
    #[inline(always)]
    fn over_sum(self, isa: Self::Isa, terms: Self, used: usize) -> Self {
        self.mul(inverse(isa, terms.sum(used)))
    }

    /// Both, of which the optimiser goes on with neither before it has both, where that matters: it would do sums
    /// one after the other which the processor could do side by side, or first what nothing waits for.
    #[must_use]
    #[inline(always)]
    fn side_by_side(both: [Self; 2]) -> [Self; 2] {
        both
    }

    /// Every `stride`-th number from `from` on.
    ///
    /// # Safety
    ///
    /// `LANES` such numbers can be read.
    #[inline(always)]
    unsafe fn gather(isa: Self::Isa, from: *const Self::Scalar, stride: usize) -> Self {
        // SAFETY: by the caller.
        Self::from_fn(isa, |lane| unsafe { *from.add(lane * stride) })
    }

    /// [`gather`](Self::gather) from four neighbours on.
    ///
    /// # Safety
    ///
    /// As of `gather`, for each of the four.
    #[inline(always)]
    unsafe fn gather_four(isa: Self::Isa, from: *const Self::Scalar, stride: usize) -> [Self; 4] {
        // SAFETY: by the caller.
        unsafe {
            [
                Self::gather(isa, from, stride),
                Self::gather(isa, from.add(1), stride),
                Self::gather(isa, from.add(2), stride),
                Self::gather(isa, from.add(3), stride),
            ]
        }
    }

    /// [`gather`](Self::gather) of every second number, from two neighbours on.
    ///
    /// # Safety
    ///
    /// As of `gather`, for each of the two.
    #[inline(always)]
    unsafe fn gather_two(isa: Self::Isa, from: *const Self::Scalar) -> [Self; 2] {
        // SAFETY: by the caller.
        unsafe {
            [
                Self::gather(isa, from, 2),
                Self::gather(isa, from.add(1), 2),
            ]
        }
    }

    /// The inverse of [`gather`](Self::gather).
    ///
    /// # Safety
    ///
    /// `LANES` such numbers can be written.
    #[inline(always)]
    unsafe fn scatter(self, to: *mut Self::Scalar, stride: usize) {
        // SAFETY: by the caller.
        self.for_each(|lane, x| unsafe { *to.add(lane * stride) = x });
    }

    /// Whether there are [`turned_four`](Self::turned_four) and [`store_fours`](Self::store_fours).
    const FOURS: bool = false;
    /// Of each four lanes, the first of all four vectors, then the second of all, the third and the fourth.
    #[must_use]
    #[inline(always)]
    fn turned_four(four: [Self; 4]) -> [Self; 4] {
        four
    }
    /// Each four lanes, `stride` numbers behind the last ones.
    ///
    /// # Safety
    ///
    /// There is room for all of them.
    #[inline(always)]
    unsafe fn store_fours(self, _to: *mut Self::Scalar, _stride: usize) {}
    /// Of each four lanes the first two and the last two, each `stride` numbers behind the last ones, where there
    /// are 32 registers.
    ///
    /// # Safety
    ///
    /// There is room for all of them.
    #[inline(always)]
    unsafe fn store_twos(self, _to: [*mut Self::Scalar; 2], _stride: usize) {}
    /// The inverse of [`gather_four`](Self::gather_four).
    ///
    /// # Safety
    ///
    /// As of `scatter`, for each of the four.
    #[inline(always)]
    unsafe fn scatter_four(_: Self::Isa, four: [Self; 4], to: *mut Self::Scalar, stride: usize) {
        // SAFETY: by the caller.
        unsafe {
            if Self::FOURS {
                for (place, turned) in Self::turned_four(four).into_iter().enumerate() {
                    turned.store_fours(to.add(place * stride), 4 * stride);
                }
            } else {
                for (number, vector) in four.into_iter().enumerate() {
                    vector.scatter(to.add(number), stride);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
