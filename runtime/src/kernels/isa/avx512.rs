//! AVX-512 F, VL, BW and DQ, on registers of 64 bytes and, for a few numbers, of 32.
//!
//! SAFETY: as in `x86`.
#![allow(clippy::wildcard_imports, reason = "the names are Intel's")]
#![allow(clippy::cast_possible_wrap, reason = "of a number of lanes")]

use core::arch::{asm, x86_64::*};

use super::{
    declare::isa,
    x86::{fours, pieces, spread},
    x86_lanes::{
        hidden_f32x4, largest_f32x8, largest_f64x4, load_f32x8, side_by_side_f32x8,
        spread_lane_f32x8, store_f32x2, store_f32x8, store_f64x4, sum_f32x8, sum_f64x4,
        sum_fours_f32x8,
    },
};
use crate::kernels::{linear::hidden, math::inverse, tables::Table};

/// Powers of two by the instruction for them.
macro_rules! scale {
    ($Isa:ident $scale:ident) => {
        #[inline(always)]
        fn scale(self, _: $Isa, n: Self) -> Self {
            Self(unsafe { $scale(self.0, n.0) })
        }
        #[inline(always)]
        fn scale_by_floor(self, n: Self) -> Option<Self> {
            Some(Self(unsafe { $scale(self.0, n.0) }))
        }
    };
}

/// What the logistic function and those that stand on it ask of a processor.
macro_rules! logistic {
    ($Isa:ident $range:ident $fix_up:ident $set:ident) => {
        #[inline(always)]
        fn negative_magnitude(self, bound: Self) -> Option<Self> {
            // Of both numbers the one with the smaller magnitude, with its sign bit set.
            Some(Self(unsafe { $range::<0b1110>(self.0, bound.0) }))
        }
        #[inline(always)]
        fn below_zero_else_one(self, _: $Isa, x: Self) -> Option<Self> {
            // A digit for each class of numbers, the last for the first: NaN of both kinds, zero,
            // 1, −∞, ∞, less and more than zero. 0 leaves `self`, 2 is NaN, and 10 is 1.
            const ANSWERS: u32 = 0xa0a0_aa22;
            Some(Self(unsafe {
                $fix_up::<0>(self.0, x.0, $set(ANSWERS.cast_signed()))
            }))
        }
        #[inline(always)]
        fn but_at_infinities(self, _: $Isa, x: Self) -> Option<Self> {
            // The same digits; 3 is NaN and 5 is ∞.
            const ANSWERS: i32 = 0x0053_0000;
            Some(Self(unsafe { $fix_up::<0>(self.0, x.0, $set(ANSWERS)) }))
        }
    };
}

/// Of two numbers `max` gives the second one where one is NaN.
macro_rules! maximum {
    ($Isa:ident $compare:ident $max:ident $keep:ident) => {
        #[inline(always)]
        fn maximum(self, _: $Isa, other: Self) -> Self {
            let (x, y) = (self.0, other.0);
            Self(unsafe { $keep($max(x, y), $compare::<_CMP_UNORD_Q>(x, x), x) })
        }
    };
}

/// By an instruction for numbers: that of `copysign` is one for integers, and what goes there and back waits.
macro_rules! abs {
    ($Isa:ident $and_not:ident $splat:ident) => {
        #[inline(always)]
        fn abs(self, _: $Isa) -> Self {
            Self(unsafe { $and_not($splat(-0.0), self.0) })
        }
    };
}

/// Each lane's sign in all of its bits. Of a shift that it knows the optimiser would make a comparison. A register is
/// named in a function that has the instruction set.
#[inline]
#[target_feature(enable = "avx512f")]
fn signs_i32x16(mut x: __m512i) -> __m512i {
    // SAFETY: it changes one register.
    unsafe {
        asm!("vpsrad {0}, {0}, 31", inout(zmm_reg) x, options(pure, nomem, nostack, preserves_flags));
    }
    x
}

/// All bits of each lane that is not less than the other's, or is NaN, as AVX2 has them. The optimiser would give a
/// comparison that it sees a register for masks.
#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn not_less_f32x8(x: __m256, other: __m256) -> __m256 {
    let mask: __m256;
    // SAFETY: it writes one register.
    unsafe {
        asm!(
            "vcmpnlt_uqps {0}, {1}, {2}",
            lateout(ymm_reg) mask,
            in(ymm_reg) x,
            in(ymm_reg) other,
            options(pure, nomem, nostack)
        );
    }
    mask
}

/// Both, at this point.
#[inline]
#[target_feature(enable = "avx512f")]
fn side_by_side_f32x16([mut a, mut b]: [__m512; 2]) -> [__m512; 2] {
    // SAFETY: there is no instruction.
    unsafe {
        asm!("/* {0} {1} */", inout(zmm_reg) a, inout(zmm_reg) b, options(nomem, nostack, preserves_flags));
    }
    [a, b]
}

/// A division takes 3 times as long, with the step of Newton's method that this needs.
macro_rules! reciprocal {
    ($Isa:ident $estimate:ident) => {
        const ESTIMATES: bool = true;
        #[inline(always)]
        fn estimate_reciprocal(self, isa: $Isa) -> Self {
            let estimate = Self(unsafe { $estimate(self.0) });
            if size_of::<Self::Scalar>() == 4 {
                return estimate;
            }
            let error = estimate.mul_sub_from(self, Self::splat(isa, 1.0));
            estimate.mul_add(error, estimate)
        }
    };
}

isa! {
    /// AVX-512 F, VL, BW and DQ: every processor with AVX-512 but the first Xeon Phi.
    Avx512 half Avx512Half wide true fused true features "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"
    F32 F32x16(__m512) [f32; 16] mask __mmask16 {
        mask(n) ((1_u32 << n) - 1) as u16;
        partial(p, m) _mm512_maskz_loadu_ps(m, p);
        store_partial(q, k, v) _mm512_mask_storeu_ps(q, k, v);
        keep(v, m, o) _mm512_mask_blend_ps(m, o, v);
        mul_sub(a, b, c) _mm512_fnmadd_ps(a, b, c);
        mul_add(a, b, c) _mm512_fmadd_ps(a, b, c);
        select(l < r, t, e) _mm512_mask_blend_ps(_mm512_cmp_ps_mask::<_CMP_LT_OQ>(l, r), e, t);
        copysign(x, s) _mm512_castsi512_ps(_mm512_ternarylogic_epi32::<0xca>(
            _mm512_set1_epi32(i32::MIN), _mm512_castps_si512(s), _mm512_castps_si512(x)));
        shift(b) _mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_castps_si512(b)));
        sum(s, _n) _mm512_reduce_add_ps(s);
        largest(g, _n) _mm512_reduce_max_ps(g);
        _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps _mm512_add_ps _mm512_sub_ps _mm512_mul_ps
        _mm512_div_ps _mm512_sqrt_ps _mm512_max_ps _mm512_min_ps _mm512_cvtss_f32
        {
            #[inline(always)]
            fn unless_below(self, least: Self, _: Self) -> Self {
                let magnitude = self.copysign(least);
                // By the bits of numbers: what follows a comparison waits for its mask.
                Self(unsafe {
                    let magnitude = _mm512_castps_si512(magnitude.0);
                    let less = _mm512_sub_epi32(magnitude, _mm512_castps_si512(least.0));
                    let x = _mm512_castps_si512(self.0);
                    _mm512_castsi512_ps(_mm512_andnot_si512(signs_i32x16(less), x))
                })
            }
            abs! { Avx512 _mm512_andnot_ps _mm512_set1_ps }
            scale! { Avx512 _mm512_scalef_ps }
            maximum! { Avx512 _mm512_cmp_ps_mask _mm512_max_ps _mm512_mask_mov_ps }
            reciprocal! { Avx512 _mm512_rcp14_ps }
            #[inline(always)]
            fn side_by_side([a, b]: [Self; 2]) -> [Self; 2] {
                let [a, b] = unsafe { side_by_side_f32x16([a.0, b.0]) };
                [Self(a), Self(b)]
            }
            logistic! { Avx512 _mm512_range_ps _mm512_fixupimm_ps _mm512_set1_epi32 }
            fours! { Avx512 load_fours_f32x16 store_fours_f32x16 sum_fours_f32x16 and load_twos_f32x16 }
            #[inline(always)]
            unsafe fn store_twos(self, to: [*mut f32; 2], stride: usize) {
                unsafe { store_twos_f32x16(to, stride, self.0) };
            }
            #[inline(always)]
            fn estimate_inverse_root(self) -> Option<Self> {
                Some(Self(unsafe {
                    let zero = _mm512_setzero_ps();
                    let some = _mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(self.0, zero);
                    _mm512_maskz_rsqrt14_ps(some, self.0)
                }))
            }
            const PERMUTES: bool = true;
            #[inline(always)]
            fn permute(self, index: Self) -> Option<Self> {
                Some(Self(unsafe {
                    _mm512_permutexvar_ps(_mm512_castps_si512(index.0), self.0)
                }))
            }
            const PICKS: bool = true;
            #[inline(always)]
            fn picks_of_four(_: Avx512) -> [Self; 4] {
                // The optimiser must not see that these are constants: it would turn each pick into
                // a load of its own, of which the processor can't do as many.
                let zero: i32;
                unsafe {
                    asm!("xor {0:e}, {0:e}", out(reg) zero, options(pure, nomem, nostack));
                    // No conversion to a number: it would wait for what its register held before.
                    let zero = _mm512_set1_epi32(zero);
                    let [one, two, three] =
                        [_mm512_set1_epi32(1), _mm512_set1_epi32(2), _mm512_set1_epi32(3)];
                    [
                        Self(_mm512_castsi512_ps(zero)),
                        Self(_mm512_castsi512_ps(_mm512_add_epi32(zero, one))),
                        Self(_mm512_castsi512_ps(_mm512_add_epi32(zero, two))),
                        Self(_mm512_castsi512_ps(_mm512_add_epi32(zero, three))),
                    ]
                }
            }
            #[inline(always)]
            unsafe fn pick_of_four(self, from: *const f32) -> Option<Self> {
                Some(Self(unsafe {
                    let four = _mm512_broadcast_f32x4(_mm_loadu_ps(from));
                    _mm512_permutevar_ps(four, _mm512_castps_si512(self.0))
                }))
            }
            const LOOKS_UP: bool = true;
            #[inline(always)]
            fn look_up<const SHIFT: u32, const LEN: usize>(
                self,
                table: &Table<f32, LEN>,
            ) -> Option<Self> {
                let numbers = table.0.as_ptr();
                Some(Self(unsafe {
                    let index = _mm512_srli_epi32::<SHIFT>(_mm512_castps_si512(self.0));
                    match LEN {
                        16 => _mm512_permutexvar_ps(index, _mm512_loadu_ps(numbers)),
                        32 => {
                            let high = _mm512_loadu_ps(numbers.add(16));
                            _mm512_permutex2var_ps(_mm512_loadu_ps(numbers), index, high)
                        }
                        _ => return None,
                    }
                }))
            }
        }
    }
    F64 F64x8(__m512d) [f64; 8] mask __mmask8 {
        mask(n) ((1_u32 << n) - 1) as u8;
        partial(p, m) _mm512_maskz_loadu_pd(m, p);
        store_partial(q, k, v) _mm512_mask_storeu_pd(q, k, v);
        keep(v, m, o) _mm512_mask_blend_pd(m, o, v);
        mul_sub(a, b, c) _mm512_fnmadd_pd(a, b, c);
        mul_add(a, b, c) _mm512_fmadd_pd(a, b, c);
        select(l < r, t, e) _mm512_mask_blend_pd(_mm512_cmp_pd_mask::<_CMP_LT_OQ>(l, r), e, t);
        copysign(x, s) _mm512_castsi512_pd(_mm512_ternarylogic_epi64::<0xca>(
            _mm512_set1_epi64(i64::MIN), _mm512_castpd_si512(s), _mm512_castpd_si512(x)));
        shift(b) _mm512_castsi512_pd(_mm512_slli_epi64::<52>(_mm512_castpd_si512(b)));
        sum(s, _n) _mm512_reduce_add_pd(s);
        largest(g, _n) _mm512_reduce_max_pd(g);
        _mm512_set1_pd _mm512_loadu_pd _mm512_storeu_pd _mm512_add_pd _mm512_sub_pd _mm512_mul_pd
        _mm512_div_pd _mm512_sqrt_pd _mm512_max_pd _mm512_min_pd _mm512_cvtsd_f64
        {
            abs! { Avx512 _mm512_andnot_pd _mm512_set1_pd }
            scale! { Avx512 _mm512_scalef_pd }
            maximum! { Avx512 _mm512_cmp_pd_mask _mm512_max_pd _mm512_mask_mov_pd }
            reciprocal! { Avx512 _mm512_rcp14_pd }
        }
    }
}

isa! {
    /// The same on registers of half the width.
    Avx512Half half Avx512Half wide true fused true features "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"
    F32 F32x8(__m256) [f32; 8] mask __mmask8 {
        mask(n) ((1_u32 << n) - 1) as u8;
        partial(p, m) _mm256_maskz_loadu_ps(m, p);
        store_partial(q, k, v) _mm256_mask_storeu_ps(q, k, v);
        keep(v, m, o) _mm256_mask_blend_ps(m, o, v);
        mul_sub(a, b, c) _mm256_fnmadd_ps(a, b, c);
        mul_add(a, b, c) _mm256_fmadd_ps(a, b, c);
        select(l < r, t, e) _mm256_mask_blend_ps(_mm256_cmp_ps_mask::<_CMP_LT_OQ>(l, r), e, t);
        copysign(x, s) _mm256_castsi256_ps(_mm256_ternarylogic_epi32::<0xca>(
            _mm256_set1_epi32(i32::MIN), _mm256_castps_si256(s), _mm256_castps_si256(x)));
        shift(b) _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_castps_si256(b)));
        sum(s, n) sum_f32x8(s, n);
        largest(g, n) largest_f32x8(g, n);
        _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps
        _mm256_div_ps _mm256_sqrt_ps _mm256_max_ps _mm256_min_ps _mm256_cvtss_f32
        {
            #[inline(always)]
            fn hidden_mask(isa: Avx512Half, n: usize) -> __mmask8 {
                hidden(Self::mask(isa, n).into()) as __mmask8
            }
            spread! { Avx512Half }
            pieces! { Avx512Half }
            #[inline(always)]
            unsafe fn store_first(self, _: Avx512Half, to: *mut f32, n: usize) {
                unsafe { store_f32x8(to, self.0, n) };
            }
            #[inline(always)]
            fn broadcast(self, _: Avx512Half, lane: usize) -> Self {
                Self(unsafe { _mm256_permutevar8x32_ps(self.0, _mm256_set1_epi32(lane as i32)) })
            }
            const LOOKS_UP: bool = true;
            #[inline(always)]
            fn look_up<const SHIFT: u32, const LEN: usize>(
                self,
                table: &Table<f32, LEN>,
            ) -> Option<Self> {
                let numbers = table.0.as_ptr();
                if SHIFT != 0 || LEN != 16 {
                    return None;
                }
                Some(Self(unsafe {
                    let index = _mm256_castps_si256(self.0);
                    let high = _mm256_loadu_ps(numbers.add(8));
                    _mm256_permutex2var_ps(_mm256_loadu_ps(numbers), index, high)
                }))
            }
            #[inline(always)]
            fn unless_below(self, least: Self, _: Self) -> Self {
                Self(unsafe {
                    let magnitude = _mm256_andnot_ps(_mm256_set1_ps(-0.0), self.0);
                    _mm256_and_ps(self.0, not_less_f32x8(magnitude, least.0))
                })
            }
            abs! { Avx512Half _mm256_andnot_ps _mm256_set1_ps }
            scale! { Avx512Half _mm256_scalef_ps }
            maximum! { Avx512Half _mm256_cmp_ps_mask _mm256_max_ps _mm256_mask_mov_ps }
            reciprocal! { Avx512Half _mm256_rcp14_ps }
            logistic! { Avx512Half _mm256_range_ps _mm256_fixupimm_ps _mm256_set1_epi32 }
        }
    }
    F64 F64x4(__m256d) [f64; 4] mask __mmask8 {
        mask(n) ((1_u32 << n) - 1) as u8;
        partial(p, m) _mm256_maskz_loadu_pd(m, p);
        store_partial(q, k, v) _mm256_mask_storeu_pd(q, k, v);
        keep(v, m, o) _mm256_mask_blend_pd(m, o, v);
        mul_sub(a, b, c) _mm256_fnmadd_pd(a, b, c);
        mul_add(a, b, c) _mm256_fmadd_pd(a, b, c);
        select(l < r, t, e) _mm256_mask_blend_pd(_mm256_cmp_pd_mask::<_CMP_LT_OQ>(l, r), e, t);
        copysign(x, s) _mm256_castsi256_pd(_mm256_ternarylogic_epi64::<0xca>(
            _mm256_set1_epi64x(i64::MIN), _mm256_castpd_si256(s), _mm256_castpd_si256(x)));
        shift(b) _mm256_castsi256_pd(_mm256_slli_epi64::<52>(_mm256_castpd_si256(b)));
        sum(s, n) sum_f64x4(s, n);
        largest(g, n) largest_f64x4(g, n);
        _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd _mm256_add_pd _mm256_sub_pd _mm256_mul_pd
        _mm256_div_pd _mm256_sqrt_pd _mm256_max_pd _mm256_min_pd _mm256_cvtsd_f64
        {
            #[inline(always)]
            fn hidden_mask(isa: Avx512Half, n: usize) -> __mmask8 {
                hidden(Self::mask(isa, n).into()) as __mmask8
            }
            #[inline(always)]
            unsafe fn store_first(self, _: Avx512Half, to: *mut f64, n: usize) {
                unsafe { store_f64x4(to, self.0, n) };
            }
            #[inline(always)]
            fn broadcast(self, _: Avx512Half, lane: usize) -> Self {
                Self(unsafe { _mm256_permutexvar_pd(_mm256_set1_epi64x(lane as i64), self.0) })
            }
            abs! { Avx512Half _mm256_andnot_pd _mm256_set1_pd }
            scale! { Avx512Half _mm256_scalef_pd }
            maximum! { Avx512Half _mm256_cmp_pd_mask _mm256_max_pd _mm256_mask_mov_pd }
            reciprocal! { Avx512Half _mm256_rcp14_pd }
        }
    }
}

/// Four numbers from each of four places, `stride` apart.
#[inline(always)]
unsafe fn load_fours_f32x16(from: *const f32, stride: usize) -> __m512 {
    unsafe {
        let fours = _mm512_castps128_ps512(_mm_loadu_ps(from));
        let fours = _mm512_insertf32x4::<1>(fours, _mm_loadu_ps(from.add(stride)));
        let fours = _mm512_insertf32x4::<2>(fours, _mm_loadu_ps(from.add(2 * stride)));
        _mm512_insertf32x4::<3>(fours, _mm_loadu_ps(from.add(3 * stride)))
    }
}

/// Every second number, from the first on and from the second on.
#[inline(always)]
unsafe fn load_twos_f32x16(from: *const f32) -> [__m512; 2] {
    unsafe {
        let (low, high) = (_mm512_loadu_ps(from), _mm512_loadu_ps(from.add(16)));
        let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        let odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
        [
            _mm512_permutex2var_ps(low, even, high),
            _mm512_permutex2var_ps(low, odd, high),
        ]
    }
}

/// The first numbers of all fours, the second, …
#[inline(always)]
fn sum_fours_f32x16(x: __m512) -> [f32; 4] {
    let (low, high) = unsafe { (_mm512_castps512_ps256(x), _mm512_extractf32x8_ps::<1>(x)) };
    sum_fours_f32x8(unsafe { _mm256_add_ps(low, high) })
}

#[inline(always)]
unsafe fn store_fours_f32x16(to: *mut f32, stride: usize, x: __m512) {
    unsafe {
        _mm_storeu_ps(to, _mm512_castps512_ps128(x));
        _mm_storeu_ps(to.add(stride), _mm512_extractf32x4_ps::<1>(x));
        _mm_storeu_ps(to.add(2 * stride), _mm512_extractf32x4_ps::<2>(x));
        _mm_storeu_ps(to.add(3 * stride), _mm512_extractf32x4_ps::<3>(x));
    }
}

/// The first two of each four, and the last two.
#[inline(always)]
unsafe fn store_twos_f32x16(to: [*mut f32; 2], stride: usize, x: __m512) {
    unsafe {
        let fours = [
            _mm512_castps512_ps128(x),
            _mm512_extractf32x4_ps::<1>(x),
            _mm512_extractf32x4_ps::<2>(x),
            _mm512_extractf32x4_ps::<3>(x),
        ];
        for (n, four) in fours.into_iter().enumerate() {
            let last = _mm_cvtsd_f64(_mm_castps_pd(_mm_movehl_ps(four, four)));
            store_f32x2(to[0].add(n * stride), four);
            to[1].add(n * stride).cast::<f64>().write_unaligned(last);
        }
    }
}

fours! { turned F32x16 _mm512_unpacklo_ps _mm512_unpackhi_ps _mm512_shuffle_ps }
