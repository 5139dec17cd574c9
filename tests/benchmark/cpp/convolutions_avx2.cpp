// The networks of convolutions.h on the registers of AVX2.
#include <immintrin.h>

namespace {

using Vector = __m256;
constexpr int W = 8;
inline Vector load(const float* x) { return _mm256_load_ps(x); }
inline Vector load_unaligned(const float* x) { return _mm256_loadu_ps(x); }
inline void store(float* to, Vector x) { _mm256_store_ps(to, x); }
inline Vector splat(float x) { return _mm256_set1_ps(x); }
inline Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
inline Vector multiply(Vector a, Vector b) { return _mm256_mul_ps(a, b); }
inline Vector fma(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
inline Vector max(Vector a, Vector b) { return _mm256_max_ps(a, b); }
inline Vector min(Vector a, Vector b) { return _mm256_min_ps(a, b); }

// The larger of each two neighbours: four numbers of eight.
inline void pool_columns(const Vector (&x)[1], float* to) {
    __m128 low = _mm256_castps256_ps128(x[0]), high = _mm256_extractf128_ps(x[0], 1);
    __m128 even = _mm_shuffle_ps(low, high, 0x88), odd = _mm_shuffle_ps(low, high, 0xdd);
    _mm_store_ps(to, _mm_max_ps(even, odd));
}

} // namespace

#include "convolutions.h"

extern "C" Network* convolutions_avx2_new(const char* model, const float* parameters) {
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return nullptr;
    return make(model, parameters);
}
