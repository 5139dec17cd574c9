//! AVX-512, AVX2 with FMA, and SSE2, which every x86-64 has.
//!
//! SAFETY, for all of this file: a token is made by `dispatch` only, inside a function that has the
//! instructions, and a vector is made from a token, so the processor has what is called here. The
//! pointers are the caller's part.
#![allow(clippy::wildcard_imports, reason = "the names are Intel's")]
#![allow(clippy::cast_possible_wrap, reason = "of a number of lanes")]

use core::arch::x86_64::*;

use super::declare::isa;

isa! {
    /// AVX-512 F, VL, BW and DQ: every processor with AVX-512 but the first Xeon Phi.
    Avx512 wide true fused true features "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"
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
        _mm512_div_ps _mm512_max_ps _mm512_min_ps _mm512_cvtss_f32
        {
            #[inline(always)]
            fn scale(self, _: Avx512, n: Self) -> Self {
                Self(unsafe { _mm512_scalef_ps(self.0, n.0) })
            }
            /// A division takes 3 times as long, with the step of Newton's method that this needs.
            #[inline(always)]
            fn estimate_reciprocal(self, _: Avx512) -> Self {
                Self(unsafe { _mm512_rcp14_ps(self.0) })
            }
            #[inline(always)]
            fn power_of_two(self, isa: Avx512) -> Self {
                Self::splat(isa, 1.0).scale(isa, self)
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
        _mm512_div_pd _mm512_max_pd _mm512_min_pd _mm512_cvtsd_f64
        {
            #[inline(always)]
            fn scale(self, _: Avx512, n: Self) -> Self {
                Self(unsafe { _mm512_scalef_pd(self.0, n.0) })
            }
            #[inline(always)]
            fn estimate_reciprocal(self, isa: Avx512) -> Self {
                let estimate = Self(unsafe { _mm512_rcp14_pd(self.0) });
                let error = estimate.mul_sub_from(self, Self::splat(isa, 1.0));
                estimate.mul_add(error, estimate)
            }
            #[inline(always)]
            fn power_of_two(self, isa: Avx512) -> Self {
                Self::splat(isa, 1.0).scale(isa, self)
            }
        }
    }
}

isa! {
    /// AVX2 and FMA.
    Avx2 wide false fused true features "avx2,fma"
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
        sum(s, n) {
            let low = _mm256_castps256_ps128(s);
            sum4(if n <= 4 { low } else { _mm_add_ps(low, _mm256_extractf128_ps::<1>(s)) })
        };
        largest(g, n) {
            let low = _mm256_castps256_ps128(g);
            largest4(if n <= 4 { low } else { _mm_max_ps(low, _mm256_extractf128_ps::<1>(g)) })
        };
        _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps
        _mm256_div_ps _mm256_max_ps _mm256_min_ps _mm256_cvtss_f32
        {
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
        sum(s, n) {
            let low = _mm256_castpd256_pd128(s);
            sum2(if n <= 2 { low } else { _mm_add_pd(low, _mm256_extractf128_pd::<1>(s)) })
        };
        largest(g, n) {
            let low = _mm256_castpd256_pd128(g);
            largest2(if n <= 2 { low } else { _mm_max_pd(low, _mm256_extractf128_pd::<1>(g)) })
        };
        _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd _mm256_add_pd _mm256_sub_pd _mm256_mul_pd
        _mm256_div_pd _mm256_max_pd _mm256_min_pd _mm256_cvtsd_f64
        {
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
    Sse2 wide false fused false features "sse2"
    F32 F32x4(__m128) [f32; 4] mask usize {
        mask(n) n;
        partial(p, m) match m {
            1 => _mm_load_ss(p),
            2 => _mm_castpd_ps(_mm_load_sd(p.cast())),
            3 => _mm_movelh_ps(_mm_castpd_ps(_mm_load_sd(p.cast())), _mm_load_ss(p.add(2))),
            _ => _mm_loadu_ps(p),
        };
        store_partial(q, k, v) match k {
            1 => _mm_store_ss(q, v),
            2 => _mm_store_sd(q.cast(), _mm_castps_pd(v)),
            3 => {
                _mm_store_sd(q.cast(), _mm_castps_pd(v));
                _mm_store_ss(q.add(2), _mm_movehl_ps(v, v));
            }
            _ => _mm_storeu_ps(q, v),
        };
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
        sum(s, _n) sum4(s);
        largest(g, _n) largest4(g);
        _mm_set1_ps _mm_loadu_ps _mm_storeu_ps _mm_add_ps _mm_sub_ps _mm_mul_ps _mm_div_ps
        _mm_max_ps _mm_min_ps _mm_cvtss_f32
    }
    F64 F64x2(__m128d) [f64; 2] mask usize {
        mask(n) n;
        partial(p, m) if m == 1 { _mm_load_sd(p) } else { _mm_loadu_pd(p) };
        store_partial(q, k, v) if k == 1 { _mm_store_sd(q, v) } else { _mm_storeu_pd(q, v) };
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
        sum(s, _n) sum2(s);
        largest(g, _n) largest2(g);
        _mm_set1_pd _mm_loadu_pd _mm_storeu_pd _mm_add_pd _mm_sub_pd _mm_mul_pd _mm_div_pd
        _mm_max_pd _mm_min_pd _mm_cvtsd_f64
    }
}

#[inline(always)]
fn sum4(x: __m128) -> f32 {
    unsafe {
        let pairs = _mm_add_ps(x, _mm_movehl_ps(x, x));
        _mm_cvtss_f32(_mm_add_ss(pairs, _mm_shuffle_ps::<1>(pairs, pairs)))
    }
}

#[inline(always)]
fn largest4(x: __m128) -> f32 {
    unsafe {
        let pairs = _mm_max_ps(x, _mm_movehl_ps(x, x));
        _mm_cvtss_f32(_mm_max_ss(pairs, _mm_shuffle_ps::<1>(pairs, pairs)))
    }
}

#[inline(always)]
fn sum2(x: __m128d) -> f64 {
    unsafe { _mm_cvtsd_f64(_mm_add_sd(x, _mm_unpackhi_pd(x, x))) }
}

#[inline(always)]
fn largest2(x: __m128d) -> f64 {
    unsafe { _mm_cvtsd_f64(_mm_max_sd(x, _mm_unpackhi_pd(x, x))) }
}
