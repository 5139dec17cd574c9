// Functions that both contestants for AVX2 are made of.
#pragma once
#include <immintrin.h>

namespace {

constexpr float LOG2_E = 1.44269504f;

inline __m256 set(float x) { return _mm256_set1_ps(x); }

// 2^t for t between −126 and 127: a minimax polynomial in t − ⌊t⌋, scaled by the exponent's bits.
inline __m256 exp2(__m256 t) {
    t = _mm256_max_ps(t, set(-126));
    __m256 floor = _mm256_floor_ps(t), f = _mm256_sub_ps(t, floor);
    __m256 p = _mm256_fmadd_ps(set(0.00187757667f), f, set(0.00898934009f));
    p = _mm256_fmadd_ps(p, f, set(0.0558263181f));
    p = _mm256_fmadd_ps(p, f, set(0.240153617f));
    p = _mm256_fmadd_ps(p, f, set(0.693153073f));
    p = _mm256_fmadd_ps(p, f, set(0.999999925f));
    __m256i n = _mm256_slli_epi32(_mm256_cvtps_epi32(floor), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), n));
}
// 11 bits, and one step of Newton.
inline __m256 reciprocal(__m256 d) {
    __m256 r = _mm256_rcp_ps(d);
    return _mm256_mul_ps(r, _mm256_fnmadd_ps(d, r, set(2)));
}
// 1 / (1 + 2^t), for any t: the bound keeps the reciprocal normal.
inline __m256 logistic(__m256 t) {
    return reciprocal(_mm256_add_ps(set(1), exp2(_mm256_min_ps(t, set(100)))));
}

} // namespace
