//! What AVX2 and SSE2 have no single instruction for: between lanes, and of some of them.
//!
//! SAFETY, for all of this file: as of `x86.rs`.
#![allow(clippy::wildcard_imports, reason = "the names are Intel's")]

use core::arch::{asm, x86_64::*};

#[inline(always)]
pub(super) fn sum_f32x4(x: __m128) -> f32 {
    unsafe {
        let pairs = _mm_add_ps(x, _mm_movehl_ps(x, x));
        _mm_cvtss_f32(_mm_add_ss(pairs, _mm_shuffle_ps::<1>(pairs, pairs)))
    }
}

#[inline(always)]
pub(super) fn largest_f32x4(x: __m128) -> f32 {
    unsafe {
        let pairs = _mm_max_ps(x, _mm_movehl_ps(x, x));
        _mm_cvtss_f32(_mm_max_ss(pairs, _mm_shuffle_ps::<1>(pairs, pairs)))
    }
}

#[inline(always)]
pub(super) fn sum_f64x2(x: __m128d) -> f64 {
    unsafe { _mm_cvtsd_f64(_mm_add_sd(x, _mm_unpackhi_pd(x, x))) }
}

#[inline(always)]
pub(super) fn largest_f64x2(x: __m128d) -> f64 {
    unsafe { _mm_cvtsd_f64(_mm_max_sd(x, _mm_unpackhi_pd(x, x))) }
}

/// Four numbers from each of two places, `stride` apart.
#[inline(always)]
pub(super) unsafe fn load_fours_f32x8(from: *const f32, stride: usize) -> __m256 {
    unsafe {
        let low = _mm256_castps128_ps256(_mm_loadu_ps(from));
        _mm256_insertf128_ps::<1>(low, _mm_loadu_ps(from.add(stride)))
    }
}

#[inline(always)]
pub(super) unsafe fn store_fours_f32x8(to: *mut f32, stride: usize, x: __m256) {
    unsafe {
        _mm_storeu_ps(to, _mm256_castps256_ps128(x));
        _mm_storeu_ps(to.add(stride), _mm256_extractf128_ps::<1>(x));
    }
}

/// Four numbers: a register holds no more.
#[inline(always)]
pub(super) unsafe fn load_fours_f32x4(from: *const f32, _: usize) -> __m128 {
    unsafe { _mm_loadu_ps(from) }
}

#[inline(always)]
pub(super) unsafe fn store_fours_f32x4(to: *mut f32, _: usize, x: __m128) {
    unsafe { _mm_storeu_ps(to, x) };
}

/// The first numbers of both fours, the second, …
#[inline(always)]
pub(super) fn sum_fours_f32x8(x: __m256) -> [f32; 4] {
    let (low, high) = unsafe { (_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x)) };
    sum_fours_f32x4(unsafe { _mm_add_ps(low, high) })
}

#[inline(always)]
pub(super) fn sum_fours_f32x4(x: __m128) -> [f32; 4] {
    let mut four = [0.0; 4];
    unsafe { _mm_storeu_ps(four.as_mut_ptr(), x) };
    four
}

/// Every second number, from the first on and from the second on.
#[inline(always)]
pub(super) unsafe fn load_twos_f32x8(from: *const f32) -> [__m256; 2] {
    unsafe {
        // The fours in the order in which the pairs of them are put together.
        let (low, high) = (_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8)));
        let first = _mm256_permute2f128_ps::<0x20>(low, high);
        let second = _mm256_permute2f128_ps::<0x31>(low, high);
        [
            _mm256_shuffle_ps::<0b10_00_10_00>(first, second),
            _mm256_shuffle_ps::<0b11_01_11_01>(first, second),
        ]
    }
}

#[inline(always)]
pub(super) unsafe fn load_twos_f32x4(from: *const f32) -> [__m128; 2] {
    unsafe {
        let (low, high) = (_mm_loadu_ps(from), _mm_loadu_ps(from.add(4)));
        [
            _mm_shuffle_ps::<0b10_00_10_00>(low, high),
            _mm_shuffle_ps::<0b11_01_11_01>(low, high),
        ]
    }
}

/// Two numbers, by the instructions for integers, which may be unaligned.
#[inline(always)]
pub(super) unsafe fn load_f32x2(from: *const f32) -> __m128 {
    unsafe { _mm_castsi128_ps(_mm_loadl_epi64(from.cast())) }
}

#[inline(always)]
pub(super) unsafe fn store_f32x2(to: *mut f32, x: __m128) {
    unsafe { _mm_storel_epi64(to.cast(), _mm_castps_si128(x)) };
}

/// The first `n` numbers and zeros.
#[inline(always)]
unsafe fn load_f32x4(from: *const f32, n: usize) -> __m128 {
    unsafe {
        match n {
            1 => _mm_load_ss(from),
            2 => load_f32x2(from),
            3 => _mm_movelh_ps(load_f32x2(from), _mm_load_ss(from.add(2))),
            _ => _mm_loadu_ps(from),
        }
    }
}

#[inline(always)]
pub(super) unsafe fn load_f32x8(from: *const f32, n: usize) -> __m256 {
    unsafe {
        if n == 8 {
            return _mm256_loadu_ps(from);
        }
        let low = _mm256_zextps128_ps256(load_f32x4(from, n));
        if n > 4 {
            return _mm256_insertf128_ps::<1>(low, load_f32x4(from.add(4), n - 4));
        }
        low
    }
}

/// The first `n` numbers.
#[inline(always)]
pub(super) unsafe fn store_f32x4(to: *mut f32, x: __m128, n: usize) {
    unsafe {
        match n {
            1 => _mm_store_ss(to, x),
            2 => store_f32x2(to, x),
            3 => {
                store_f32x2(to, x);
                _mm_store_ss(to.add(2), _mm_movehl_ps(x, x));
            }
            _ => _mm_storeu_ps(to, x),
        }
    }
}

#[inline(always)]
pub(super) unsafe fn store_f64x2(to: *mut f64, x: __m128d, n: usize) {
    unsafe {
        if n == 1 {
            _mm_store_sd(to, x);
        } else {
            _mm_storeu_pd(to, x);
        }
    }
}

#[inline(always)]
pub(super) unsafe fn store_f32x8(to: *mut f32, x: __m256, n: usize) {
    unsafe {
        if n == 8 {
            return _mm256_storeu_ps(to, x);
        }
        store_f32x4(to, _mm256_castps256_ps128(x), n);
        if n > 4 {
            store_f32x4(to.add(4), _mm256_extractf128_ps::<1>(x), n - 4);
        }
    }
}

#[inline(always)]
pub(super) unsafe fn store_f64x4(to: *mut f64, x: __m256d, n: usize) {
    unsafe {
        if n == 4 {
            return _mm256_storeu_pd(to, x);
        }
        store_f64x2(to, _mm256_castpd256_pd128(x), n);
        if n > 2 {
            store_f64x2(to.add(2), _mm256_extractf128_pd::<1>(x), n - 2);
        }
    }
}

/// The sum of the lanes, where those from `used` on are zero.
#[inline(always)]
pub(super) fn sum_f32x8(x: __m256, used: usize) -> f32 {
    unsafe {
        let low = _mm256_castps256_ps128(x);
        if used <= 4 {
            return sum_f32x4(low);
        }
        sum_f32x4(_mm_add_ps(low, _mm256_extractf128_ps::<1>(x)))
    }
}

/// The largest lane, where those from `used` on are no larger.
#[inline(always)]
pub(super) fn largest_f32x8(x: __m256, used: usize) -> f32 {
    unsafe {
        let low = _mm256_castps256_ps128(x);
        if used <= 4 {
            return largest_f32x4(low);
        }
        largest_f32x4(_mm_max_ps(low, _mm256_extractf128_ps::<1>(x)))
    }
}

#[inline(always)]
pub(super) fn sum_f64x4(x: __m256d, used: usize) -> f64 {
    unsafe {
        let low = _mm256_castpd256_pd128(x);
        if used <= 2 {
            return sum_f64x2(low);
        }
        sum_f64x2(_mm_add_pd(low, _mm256_extractf128_pd::<1>(x)))
    }
}

#[inline(always)]
pub(super) fn largest_f64x4(x: __m256d, used: usize) -> f64 {
    unsafe {
        let low = _mm256_castpd256_pd128(x);
        if used <= 2 {
            return largest_f64x2(low);
        }
        largest_f64x2(_mm_max_pd(low, _mm256_extractf128_pd::<1>(x)))
    }
}

/// One lane's number in four.
#[inline(always)]
pub(super) fn spread_lane_f32x8(x: __m256, lane: usize) -> __m128 {
    unsafe {
        let four = if lane < 4 {
            _mm256_castps256_ps128(x)
        } else {
            _mm256_extractf128_ps::<1>(x)
        };
        match lane % 4 {
            0 => _mm_permute_ps::<0b00_00_00_00>(four),
            1 => _mm_permute_ps::<0b01_01_01_01>(four),
            2 => _mm_permute_ps::<0b10_10_10_10>(four),
            _ => _mm_permute_ps::<0b11_11_11_11>(four),
        }
    }
}

/// The same, of which the optimiser knows nothing: in lanes that nobody asks for it might leave zeros.
#[inline(always)]
pub(super) fn hidden_f32x4(mut x: __m128) -> __m128 {
    // SAFETY: there is no instruction.
    unsafe {
        asm!("/* {0} */", inout(xmm_reg) x, options(pure, nomem, nostack, preserves_flags));
    }
    x
}

/// Both, at this point.
#[inline]
#[target_feature(enable = "avx")]
pub(super) fn side_by_side_f32x8([mut a, mut b]: [__m256; 2]) -> [__m256; 2] {
    // SAFETY: there is no instruction.
    unsafe {
        asm!("/* {0} {1} */", inout(ymm_reg) a, inout(ymm_reg) b, options(nomem, nostack, preserves_flags));
    }
    [a, b]
}
