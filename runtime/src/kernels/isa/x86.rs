//! AVX2 with FMA, and SSE2, which every x86-64 has.
//!
//! SAFETY, for all of this file: a token is made by `dispatch`, where the processor was found to
//! have the instructions, or from another token for the same ones, and a vector is made from a token,
//! so the processor has what is called here. The pointers are the caller's part.
#![allow(clippy::wildcard_imports, reason = "the names are Intel's")]
#![allow(clippy::cast_possible_wrap, reason = "of a number of lanes")]

use core::arch::x86_64::*;

use super::{
    declare::isa,
    x86_lanes::{
        hidden_f32x4, largest_f32x4, largest_f32x8, largest_f64x2, largest_f64x4, load_f32x2,
        load_f32x8, load_fours_f32x4, load_fours_f32x8, load_twos_f32x4, load_twos_f32x8,
        side_by_side_f32x8, spread_lane_f32x8, store_f32x4, store_f32x8, store_f64x2, store_f64x4,
        store_fours_f32x4, store_fours_f32x8, sum_f32x4, sum_f32x8, sum_f64x2, sum_f64x4,
        sum_fours_f32x4, sum_fours_f32x8,
    },
};
use crate::kernels::{linear::opaque, math::inverse};

/// Sums of the lanes in every lane (what goes through one lane takes longer to get to all), what is quicker in
/// four lanes, and both of two at one point.
macro_rules! spread {
    ($Isa:ident) => {
        #[inline(always)]
        fn spread_sum(self, _: $Isa, used: usize) -> Self {
            spread!(self, used, _mm_add_ps, _mm256_add_ps)
        }
        #[inline(always)]
        fn spread_largest(self, _: $Isa, used: usize) -> Self {
            spread!(self, used, _mm_max_ps, _mm256_max_ps)
        }
        #[inline(always)]
        fn side_by_side([a, b]: [Self; 2]) -> [Self; 2] {
            let [a, b] = unsafe { side_by_side_f32x8([a.0, b.0]) };
            [Self(a), Self(b)]
        }
        #[inline(always)]
        fn broadcast_first(self, isa: $Isa, lane: usize, used: usize) -> Self {
            if used > 4 {
                return self.broadcast(isa, lane);
            }
            Self(unsafe { _mm256_zextps128_ps256(spread_lane_f32x8(self.0, lane)) })
        }
        #[inline(always)]
        fn over_sum(self, isa: $Isa, terms: Self, used: usize) -> Self {
            if used > 4 {
                return self.mul(inverse(isa, terms.sum(used)));
            }
            Self(unsafe {
                let sum = _mm256_castps256_ps128(terms.spread_sum(isa, used).0);
                let sum = hidden_f32x4(sum);
                _mm256_zextps128_ps256(_mm_div_ps(_mm256_castps256_ps128(self.0), sum))
            })
        }
    };
    ($x:ident, $used:ident, $four:ident, $eight:ident) => {
        Self(unsafe {
            if $used <= 5 {
                let low = _mm256_castps256_ps128($x.0);
                let pairs = $four(low, _mm_permute_ps::<0b01_00_11_10>(low));
                let mut all = $four(pairs, _mm_permute_ps::<0b10_11_00_01>(pairs));
                if $used == 5 {
                    // It crosses the halves while the others are put together.
                    all = $four(all, _mm_broadcastss_ps(_mm256_extractf128_ps::<1>($x.0)));
                }
                return Self(_mm256_set_m128(all, all));
            }
            let fours = $eight($x.0, _mm256_permute2f128_ps::<1>($x.0, $x.0));
            let pairs = $eight(fours, _mm256_permute_ps::<0b01_00_11_10>(fours));
            $eight(pairs, _mm256_permute_ps::<0b10_11_00_01>(pairs))
        })
    };
}
pub(super) use spread;

/// What is read in pieces.
macro_rules! pieces {
    ($Isa:ident) => {
        #[inline(always)]
        unsafe fn load_pieces(_: $Isa, from: *const f32, n: usize) -> Self {
            Self(unsafe { load_f32x8(from, n) })
        }
    };
}
pub(super) use pieces;

/// The first lanes, by a mask that is read from memory.
macro_rules! first {
    ($Isa:ident $T:ident $load:ident $and:ident $cast:ident) => {
        #[inline(always)]
        fn hidden_mask(_: $Isa, n: usize) -> __m256i {
            const BYTES: usize = size_of::<__m256i>();
            const MASKS: &[[u8; BYTES]; 2] = &[[u8::MAX; BYTES], [0; BYTES]];
            unsafe {
                let from = MASKS.as_ptr().cast::<u8>().add(BYTES - n * size_of::<$T>());
                _mm256_loadu_si256(opaque(from).cast())
            }
        }
        #[inline(always)]
        unsafe fn load_first(_: $Isa, from: *const $T, mask: __m256i) -> Self {
            Self(unsafe { $and($load(from), $cast(mask)) })
        }
    };
}

/// Four neighbours of every fourth sample are loaded or stored at once, and turned four by four: doing it
/// again undoes it.
macro_rules! fours {
    ($Isa:ident $load:ident $store:ident $sum:ident and $two:ident) => {
        #[inline(always)]
        unsafe fn gather_two(_: $Isa, from: *const f32) -> [Self; 2] {
            let [even, odd] = unsafe { $two(from) };
            [Self(even), Self(odd)]
        }
        #[inline(always)]
        fn sums(four: [Self; 4]) -> [f32; 4] {
            $sum(Self::added(four).0)
        }
        #[inline(always)]
        unsafe fn gather_four(_: $Isa, from: *const f32, stride: usize) -> [Self; 4] {
            unsafe {
                Self::turned([
                    Self($load(from, 4 * stride)),
                    Self($load(from.add(stride), 4 * stride)),
                    Self($load(from.add(2 * stride), 4 * stride)),
                    Self($load(from.add(3 * stride), 4 * stride)),
                ])
            }
        }
        const FOURS: bool = true;
        #[inline(always)]
        fn turned_four(four: [Self; 4]) -> [Self; 4] {
            Self::turned(four)
        }
        #[inline(always)]
        unsafe fn store_fours(self, to: *mut f32, stride: usize) {
            unsafe { $store(to, stride, self.0) };
        }
    };
    (turned $F32:ident $low:ident $high:ident $shuffle:ident) => {
        impl $F32 {
            /// The sum of `turned`, by fewer shuffles.
            #[inline(always)]
            fn added([a, b, c, d]: [Self; 4]) -> Self {
                use $crate::kernels::isa::Vector as _;
                unsafe {
                    let ab = Self($low(a.0, b.0)).add(Self($high(a.0, b.0))).0;
                    let cd = Self($low(c.0, d.0)).add(Self($high(c.0, d.0))).0;
                    let even = Self($shuffle::<0b01_00_01_00>(ab, cd));
                    even.add(Self($shuffle::<0b11_10_11_10>(ab, cd)))
                }
            }
            #[inline(always)]
            fn turned([a, b, c, d]: [Self; 4]) -> [Self; 4] {
                unsafe {
                    let (low_ab, low_cd) = ($low(a.0, b.0), $low(c.0, d.0));
                    let (high_ab, high_cd) = ($high(a.0, b.0), $high(c.0, d.0));
                    [
                        Self($shuffle::<0b01_00_01_00>(low_ab, low_cd)),
                        Self($shuffle::<0b11_10_11_10>(low_ab, low_cd)),
                        Self($shuffle::<0b01_00_01_00>(high_ab, high_cd)),
                        Self($shuffle::<0b11_10_11_10>(high_ab, high_cd)),
                    ]
                }
            }
        }
    };
}
pub(super) use fours;

/// Of two numbers `max` gives the second one where one is NaN.
macro_rules! maximum {
    ($Isa:ident $compare:ident $max:ident $blend:ident) => {
        #[inline(always)]
        fn maximum(self, _: $Isa, other: Self) -> Self {
            let (x, y) = (self.0, other.0);
            Self(unsafe { $blend($max(x, y), x, $compare::<_CMP_UNORD_Q>(x, x)) })
        }
    };
}

isa! {
    /// AVX2 and FMA.
    Avx2 half Avx2 wide false fused true features "avx2,fma"
    F32 F32x8(__m256) [f32; 8] mask __m256i {
        mask(n) unsafe {
            _mm256_cmpgt_epi32(_mm256_set1_epi32(n as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
        };
        partial(p, m) _mm256_maskload_ps(p, m);
        store_partial(q, k, v) _mm256_maskstore_ps(q, k, v);
        keep(v, m, o) _mm256_blendv_ps(o, v, _mm256_castsi256_ps(m));
        mul_sub(a, b, c) _mm256_fnmadd_ps(a, b, c);
        mul_add(a, b, c) _mm256_fmadd_ps(a, b, c);
        select(l < r, t, e) _mm256_blendv_ps(e, t, _mm256_cmp_ps::<_CMP_LT_OQ>(l, r));
        copysign(x, s) {
            let bit = _mm256_set1_ps(-0.0);
            _mm256_or_ps(_mm256_and_ps(bit, s), _mm256_andnot_ps(bit, x))
        };
        shift(b) _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_castps_si256(b)));
        sum(s, n) sum_f32x8(s, n);
        largest(g, n) largest_f32x8(g, n);
        _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps
        _mm256_div_ps _mm256_sqrt_ps _mm256_max_ps _mm256_min_ps _mm256_cvtss_f32
        {
            spread! { Avx2 }
            pieces! { Avx2 }
            const REORDERS: bool = true;
            #[inline(always)]
            fn reorder(self, lanes: [u32; 8]) -> Self {
                Self(unsafe {
                    let lanes = _mm256_loadu_si256(lanes.as_ptr().cast());
                    _mm256_permutevar8x32_ps(self.0, lanes)
                })
            }
            maximum! { Avx2 _mm256_cmp_ps _mm256_max_ps _mm256_blendv_ps }
            first! { Avx2 f32 _mm256_loadu_ps _mm256_and_ps _mm256_castsi256_ps }
            fours! { Avx2 load_fours_f32x8 store_fours_f32x8 sum_fours_f32x8 and load_twos_f32x8 }
            #[inline(always)]
            unsafe fn store_first(self, _: Avx2, to: *mut f32, n: usize) {
                unsafe { store_f32x8(to, self.0, n) };
            }
            // Of a blend with zero the compiler makes a slower one.
            #[inline(always)]
            fn unless_below(self, least: Self, _: Self) -> Self {
                Self(unsafe {
                    let magnitude = _mm256_andnot_ps(_mm256_set1_ps(-0.0), self.0);
                    _mm256_and_ps(self.0, _mm256_cmp_ps::<_CMP_NLT_UQ>(magnitude, least.0))
                })
            }
            #[inline(always)]
            fn broadcast(self, _: Avx2, lane: usize) -> Self {
                Self(unsafe { _mm256_permutevar8x32_ps(self.0, _mm256_set1_epi32(lane as i32)) })
            }
        }
    }
    F64 F64x4(__m256d) [f64; 4] mask __m256i {
        mask(n) unsafe {
            _mm256_cmpgt_epi64(_mm256_set1_epi64x(n as i64), _mm256_setr_epi64x(0, 1, 2, 3))
        };
        partial(p, m) _mm256_maskload_pd(p, m);
        store_partial(q, k, v) _mm256_maskstore_pd(q, k, v);
        keep(v, m, o) _mm256_blendv_pd(o, v, _mm256_castsi256_pd(m));
        mul_sub(a, b, c) _mm256_fnmadd_pd(a, b, c);
        mul_add(a, b, c) _mm256_fmadd_pd(a, b, c);
        select(l < r, t, e) _mm256_blendv_pd(e, t, _mm256_cmp_pd::<_CMP_LT_OQ>(l, r));
        copysign(x, s) {
            let bit = _mm256_set1_pd(-0.0);
            _mm256_or_pd(_mm256_and_pd(bit, s), _mm256_andnot_pd(bit, x))
        };
        shift(b) _mm256_castsi256_pd(_mm256_slli_epi64::<52>(_mm256_castpd_si256(b)));
        sum(s, n) sum_f64x4(s, n);
        largest(g, n) largest_f64x4(g, n);
        _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd _mm256_add_pd _mm256_sub_pd _mm256_mul_pd
        _mm256_div_pd _mm256_sqrt_pd _mm256_max_pd _mm256_min_pd _mm256_cvtsd_f64
        {
            maximum! { Avx2 _mm256_cmp_pd _mm256_max_pd _mm256_blendv_pd }
            first! { Avx2 f64 _mm256_loadu_pd _mm256_and_pd _mm256_castsi256_pd }
            #[inline(always)]
            unsafe fn store_first(self, _: Avx2, to: *mut f64, n: usize) {
                unsafe { store_f64x4(to, self.0, n) };
            }
            // Of a blend with zero the compiler makes a slower one.
            #[inline(always)]
            fn unless_below(self, least: Self, _: Self) -> Self {
                Self(unsafe {
                    let magnitude = _mm256_andnot_pd(_mm256_set1_pd(-0.0), self.0);
                    _mm256_and_pd(self.0, _mm256_cmp_pd::<_CMP_NLT_UQ>(magnitude, least.0))
                })
            }
            #[inline(always)]
            fn broadcast(self, _: Avx2, lane: usize) -> Self {
                let halves = (2 * lane as i64) | ((2 * lane as i64 + 1) << 32);
                Self(unsafe {
                    let numbers = _mm256_castpd_ps(self.0);
                    _mm256_castps_pd(_mm256_permutevar8x32_ps(numbers, _mm256_set1_epi64x(halves)))
                })
            }
        }
    }
}

isa! {
    /// What every x86-64 has; no fused multiply-add.
    Sse2 half Sse2 wide false fused false features "sse2"
    F32 F32x4(__m128) [f32; 4] mask usize {
        mask(n) n;
        partial(p, m) match m {
            1 => _mm_load_ss(p),
            2 => load_f32x2(p),
            3 => _mm_movelh_ps(load_f32x2(p), _mm_load_ss(p.add(2))),
            _ => _mm_loadu_ps(p),
        };
        store_partial(q, k, v) store_f32x4(q, v, k);
        keep(v, m, o) {
            let mask = _mm_cmplt_ps(_mm_setr_ps(0.0, 1.0, 2.0, 3.0), _mm_set1_ps(m as f32));
            _mm_or_ps(_mm_and_ps(mask, v), _mm_andnot_ps(mask, o))
        };
        mul_sub(a, b, c) _mm_sub_ps(c, _mm_mul_ps(a, b));
        mul_add(a, b, c) _mm_add_ps(_mm_mul_ps(a, b), c);
        select(l < r, t, e) {
            let mask = _mm_cmplt_ps(l, r);
            _mm_or_ps(_mm_and_ps(mask, t), _mm_andnot_ps(mask, e))
        };
        copysign(x, s) {
            let bit = _mm_set1_ps(-0.0);
            _mm_or_ps(_mm_and_ps(bit, s), _mm_andnot_ps(bit, x))
        };
        shift(b) _mm_castsi128_ps(_mm_slli_epi32::<23>(_mm_castps_si128(b)));
        sum(s, _n) sum_f32x4(s);
        largest(g, _n) largest_f32x4(g);
        _mm_set1_ps _mm_loadu_ps _mm_storeu_ps _mm_add_ps _mm_sub_ps _mm_mul_ps _mm_div_ps _mm_sqrt_ps
        _mm_max_ps _mm_min_ps _mm_cvtss_f32
        {
            #[inline(always)]
            unsafe fn load_first(isa: Sse2, from: *const f32, mask: usize) -> Self {
                unsafe {
                    if mask == 3 {
                        return Self::load(isa, from).keep(mask, Self::splat(isa, 0.0));
                    }
                    Self::load_partial(isa, from, mask)
                }
            }
            fours! { Sse2 load_fours_f32x4 store_fours_f32x4 sum_fours_f32x4 and load_twos_f32x4 }
        }
    }
    F64 F64x2(__m128d) [f64; 2] mask usize {
        mask(n) n;
        partial(p, m) if m == 1 { _mm_load_sd(p) } else { _mm_loadu_pd(p) };
        store_partial(q, k, v) store_f64x2(q, v, k);
        keep(v, m, o) {
            let mask = _mm_cmplt_pd(_mm_setr_pd(0.0, 1.0), _mm_set1_pd(m as f64));
            _mm_or_pd(_mm_and_pd(mask, v), _mm_andnot_pd(mask, o))
        };
        mul_sub(a, b, c) _mm_sub_pd(c, _mm_mul_pd(a, b));
        mul_add(a, b, c) _mm_add_pd(_mm_mul_pd(a, b), c);
        select(l < r, t, e) {
            let mask = _mm_cmplt_pd(l, r);
            _mm_or_pd(_mm_and_pd(mask, t), _mm_andnot_pd(mask, e))
        };
        copysign(x, s) {
            let bit = _mm_set1_pd(-0.0);
            _mm_or_pd(_mm_and_pd(bit, s), _mm_andnot_pd(bit, x))
        };
        shift(b) _mm_castsi128_pd(_mm_slli_epi64::<52>(_mm_castpd_si128(b)));
        sum(s, _n) sum_f64x2(s);
        largest(g, _n) largest_f64x2(g);
        _mm_set1_pd _mm_loadu_pd _mm_storeu_pd _mm_add_pd _mm_sub_pd _mm_mul_pd _mm_div_pd _mm_sqrt_pd
        _mm_max_pd _mm_min_pd _mm_cvtsd_f64
    }
}

fours! { turned F32x8 _mm256_unpacklo_ps _mm256_unpackhi_ps _mm256_shuffle_ps }
fours! { turned F32x4 _mm_unpacklo_ps _mm_unpackhi_ps _mm_shuffle_ps }
