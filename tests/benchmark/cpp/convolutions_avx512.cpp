// The networks of convolutions.h on the registers of AVX-512.
struct Network;

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#include <immintrin.h>

namespace {

using Vector = __m512;
constexpr int W = 16;
inline Vector load(const float* x) { return _mm512_load_ps(x); }
inline Vector load_unaligned(const float* x) { return _mm512_loadu_ps(x); }
inline void store(float* to, Vector x) { _mm512_store_ps(to, x); }
inline Vector splat(float x) { return _mm512_set1_ps(x); }
inline Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
inline Vector multiply(Vector a, Vector b) { return _mm512_mul_ps(a, b); }
inline Vector fma(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
inline Vector max(Vector a, Vector b) { return _mm512_max_ps(a, b); }
inline Vector min(Vector a, Vector b) { return _mm512_min_ps(a, b); }

// The larger of each two neighbours: sixteen numbers of 32.
inline void pool_columns(const Vector (&x)[2], float* to) {
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
    store(to, max(_mm512_permutex2var_ps(x[0], even, x[1]), _mm512_permutex2var_ps(x[0], odd, x[1])));
}

} // namespace

#include "convolutions.h"

extern "C" Network* convolutions_avx512_new(const char* model, const float* parameters) {
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl"))
        return nullptr;
    return make(model, parameters);
}
#else
extern "C" Network* convolutions_avx512_new(const char*, const float*) { return nullptr; }
#endif
