// What an expert writes for one processor: AVX-512 intrinsics, weights packed for the kernels, bias and
// activation in registers. Batches are in sixteens.
#include "network.h"
#include <cstring>

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#include <immintrin.h>

namespace {

constexpr float LOG2_E = 1.44269504f;
constexpr float LOWEST = -1e30f; // in softmax's unused lanes: its exponential is 0

// 2^t to 1e-7 of itself: a minimax polynomial in t − ⌊t⌋, scaled by 2^⌊t⌋. `t` may be anything up to 127.
// The products x·log₂ e that enter are rounded once, which errs with |x|, and is harmless in a sigmoid,
// a tanh and a softmax, where a large |x| has little effect.
template <class V, V set(float), V reduce(V), V fma(V, V, V), V scale(V, V)> inline V exp2_with(V t) {
    V f = reduce(t);
    V p = fma(set(0.00187757667f), f, set(0.00898934009f));
    p = fma(p, f, set(0.0558263181f));
    p = fma(p, f, set(0.240153617f));
    p = fma(p, f, set(0.693153073f));
    p = fma(p, f, set(0.999999925f));
    return scale(p, t);
}
inline __m512 floor_reduce(__m512 t) { return _mm512_reduce_ps(t, 0x09); }
inline __m128 floor_reduce(__m128 t) { return _mm_reduce_ps(t, 0x09); }
inline __m512 exp2(__m512 t) {
    return exp2_with<__m512, _mm512_set1_ps, floor_reduce, _mm512_fmadd_ps, _mm512_scalef_ps>(t);
}
inline __m128 exp2(__m128 t) {
    return exp2_with<__m128, _mm_set1_ps, floor_reduce, _mm_fmadd_ps, _mm_scalef_ps>(t);
}

// 14 bits, and one step of Newton.
inline __m512 reciprocal(__m512 d) {
    __m512 r = _mm512_rcp14_ps(d);
    return _mm512_mul_ps(r, _mm512_fnmadd_ps(d, r, _mm512_set1_ps(2)));
}
// 1 / (1 + 2^t), for any t: the bound keeps the reciprocal normal.
inline __m512 logistic(__m512 t) {
    t = _mm512_min_ps(t, _mm512_set1_ps(100));
    return reciprocal(_mm512_add_ps(_mm512_set1_ps(1), exp2(t)));
}

enum Activation { NONE, RELU, SIGMOID, TANH };

template <Activation A> inline __m512 activate(__m512 x) {
    if constexpr (A == RELU) return _mm512_max_ps(x, _mm512_setzero_ps());
    if constexpr (A == SIGMOID) return logistic(_mm512_mul_ps(x, _mm512_set1_ps(-LOG2_E)));
    if constexpr (A == TANH) { // 2·σ(2x) − 1
        __m512 s = logistic(_mm512_mul_ps(x, _mm512_set1_ps(-2 * LOG2_E)));
        return _mm512_fmsub_ps(s, _mm512_set1_ps(2), _mm512_set1_ps(1));
    }
    return x;
}

// Over one vector, whose unused lanes are LOWEST.
inline __m512 softmax(__m512 x) {
    __m512 max = _mm512_set1_ps(_mm512_reduce_max_ps(x));
    __m512 e = exp2(_mm512_mul_ps(_mm512_sub_ps(x, max), _mm512_set1_ps(LOG2_E)));
    return _mm512_div_ps(e, _mm512_set1_ps(_mm512_reduce_add_ps(e)));
}

// Outputs are in the lanes. They are packed in panels of P vectors, input by input.
template <int I, int O> struct Linear {
    static constexpr int VECTORS = (O + 15) / 16;
    static constexpr int OUT = VECTORS * 16; // with padding
    static constexpr int P = VECTORS % 4 == 0 ? 4 : 1;
    static constexpr int PANELS = VECTORS / P;
    alignas(64) float weight[PANELS][I][P * 16];
    alignas(64) float bias[OUT];

    explicit Linear(Parameters& p, float pad = 0) {
        std::memset(weight, 0, sizeof weight);
        for (int o = 0; o < O; o++)
            for (int i = 0; i < I; i++) weight[o / (P * 16)][i][o % (P * 16)] = p.take();
        for (int o = 0; o < OUT; o++) bias[o] = o < O ? p.take() : pad;
    }

    // One sample. Eight sums at a time hide the latency of the FMA: those of two panels, or of several
    // inputs.
    template <Activation A> void one(const float* x, float* y) const {
        constexpr int G = P == 4 && PANELS % 2 == 0 ? 2 : 1, U = 8 / (G * P);
        for (int g = 0; g < PANELS; g += G) {
            __m512 sum[U][G][P];
            for (int u = 0; u < U; u++)
                for (int q = 0; q < G; q++)
                    for (int v = 0; v < P; v++)
                        sum[u][q][v] = u ? _mm512_setzero_ps() : _mm512_load_ps(bias + (g + q) * P * 16 + v * 16);
            auto step = [&](int i, int u) __attribute__((always_inline)) {
                __m512 xi = _mm512_set1_ps(x[i]);
#pragma GCC unroll 2
                for (int q = 0; q < G; q++)
#pragma GCC unroll 4
                    for (int v = 0; v < P; v++)
                        sum[u][q][v] = _mm512_fmadd_ps(xi, _mm512_load_ps(&weight[g + q][i][v * 16]), sum[u][q][v]);
            };
            int i = 0;
            for (; i + U <= I; i += U)
#pragma GCC unroll 8
                for (int u = 0; u < U; u++) step(i + u, u);
#pragma GCC unroll 8
            for (int u = 0; u < I % U; u++) step(i + u, u);
            for (int q = 0; q < G; q++)
                for (int v = 0; v < P; v++) {
                    for (int s = U / 2; s > 0; s /= 2)
                        for (int u = 0; u < s; u++) sum[u][q][v] = _mm512_add_ps(sum[u][q][v], sum[u + s][q][v]);
                    _mm512_store_ps(y + (g + q) * P * 16 + v * 16, activate<A>(sum[0][q][v]));
                }
        }
    }

    // R samples by one panel, over the inputs from `begin` to `end`; earlier inputs' sums are in `y`.
    template <int R, Activation A>
    static void tile(const float* x, int stride, float* y, const float* w, const float* bias, int begin, int end) {
        __m512 sum[R][P];
#pragma GCC unroll 16
        for (int r = 0; r < R; r++)
#pragma GCC unroll 4
            for (int v = 0; v < P; v++) sum[r][v] = _mm512_load_ps(begin ? y + r * OUT + v * 16 : bias + v * 16);
        for (int i = begin; i < end; i++) {
            __m512 wi[P];
#pragma GCC unroll 4
            for (int v = 0; v < P; v++) {
                wi[v] = _mm512_load_ps(w + i * P * 16 + v * 16);
                asm("" : "+v"(wi[v])); // or gcc would load it anew for each sample
            }
#pragma GCC unroll 16
            for (int r = 0; r < R; r++) {
                __m512 xi = _mm512_set1_ps(x[r * stride + i]);
#pragma GCC unroll 4
                for (int v = 0; v < P; v++) sum[r][v] = _mm512_fmadd_ps(xi, wi[v], sum[r][v]);
            }
        }
#pragma GCC unroll 16
        for (int r = 0; r < R; r++)
#pragma GCC unroll 4
            for (int v = 0; v < P; v++)
                _mm512_store_ps(y + r * OUT + v * 16, end == I ? activate<A>(sum[r][v]) : sum[r][v]);
    }

    // `samples` is a multiple of 16. `y` has OUT numbers a sample. A panel's weights for STEP inputs stay in
    // the first cache while all samples pass.
    template <Activation A> void block(const float* x, int stride, float* y, int samples) const {
        constexpr int STEP = I % 112 == 0 ? 112 : 128, R = P == 4 ? 6 : 16;
        for (int g = 0; g < PANELS; g++)
            for (int i = 0; i < I; i += STEP) {
                const int end = i + STEP < I ? i + STEP : I;
                const float *w = &weight[g][0][0], *b = bias + g * P * 16;
                float* out = y + g * P * 16;
                int n = 0;
                for (; n + R <= samples; n += R) tile<R, A>(x + n * stride, stride, out + n * OUT, w, b, i, end);
                for (; n + 4 <= samples; n += 4) tile<4, A>(x + n * stride, stride, out + n * OUT, w, b, i, end);
                for (; n + 2 <= samples; n += 2) tile<2, A>(x + n * stride, stride, out + n * OUT, w, b, i, end);
            }
    }
};

// A single output: a dot product.
template <int I> struct Head {
    static_assert(I % 16 == 0);
    alignas(64) float weight[I];
    float bias;

    explicit Head(Parameters& p) {
        for (float& w : weight) w = p.take();
        bias = p.take();
    }
    float operator()(const float* x) const {
        __m512 sum = _mm512_setzero_ps();
        for (int i = 0; i < I; i += 16) sum = _mm512_fmadd_ps(_mm512_load_ps(x + i), _mm512_load_ps(weight + i), sum);
        return _mm512_reduce_add_ps(sum) + bias;
    }
};

// Samples pass through the whole network in blocks that stay in the second cache.
constexpr int BLOCK = 48;
template <class F> void blocks(int samples, F each) {
    for (int n = 0; n < samples; n += BLOCK) each(n, samples - n < BLOCK ? samples - n : BLOCK);
}

// Ten inputs of sixteen samples, an input a vector: 4 × 4 transpositions of what is loaded four at a time.
inline void transpose(const float* x, __m512 f[10]) {
#pragma GCC unroll 3
    for (int k = 0; k < 3; k++) {
        const int c = k < 2 ? 4 * k : 6; // 6 and 7 twice, so that nothing beyond the last sample is read
        __m512 r[4];
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) {
            const float* p = x + j * 10 + c;
            r[j] = _mm512_castps128_ps512(_mm_loadu_ps(p));
            r[j] = _mm512_mask_broadcast_f32x4(r[j], 0x00f0, _mm_loadu_ps(p + 40));
            r[j] = _mm512_mask_broadcast_f32x4(r[j], 0x0f00, _mm_loadu_ps(p + 80));
            r[j] = _mm512_mask_broadcast_f32x4(r[j], 0xf000, _mm_loadu_ps(p + 120));
        }
        if (c != 6) {
            __m512 lo01 = _mm512_unpacklo_ps(r[0], r[1]), lo23 = _mm512_unpacklo_ps(r[2], r[3]);
            f[c] = _mm512_shuffle_ps(lo01, lo23, 0x44);
            f[c + 1] = _mm512_shuffle_ps(lo01, lo23, 0xee);
        }
        __m512 hi01 = _mm512_unpackhi_ps(r[0], r[1]), hi23 = _mm512_unpackhi_ps(r[2], r[3]);
        f[c + 2] = _mm512_shuffle_ps(hi01, hi23, 0x44);
        f[c + 3] = _mm512_shuffle_ps(hi01, hi23, 0xee);
    }
}

// Linear(10, 5): for one sample the outputs are in the lanes, for sixteen the samples.
struct Small {
    alignas(32) float weight[10][8] = {}, bias[8] = {};

    explicit Small(Parameters& p) {
        for (int o = 0; o < 5; o++)
            for (auto& column : weight) column[o] = p.take();
        for (int o = 0; o < 5; o++) bias[o] = p.take();
    }
    // The first input is last, since dependent calls wait for it.
    __m256 one(const float* x) const {
        auto column = [&](int i) { return _mm256_load_ps(weight[i]); };
        auto input = [&](int i) { return _mm256_broadcast_ss(x + i); };
        __m256 a = _mm256_load_ps(bias), b = _mm256_mul_ps(input(9), column(9));
#pragma GCC unroll 4
        for (int i = 7; i > 0; i -= 2) {
            a = _mm256_fmadd_ps(input(i + 1), column(i + 1), a);
            b = _mm256_fmadd_ps(input(i), column(i), b);
        }
        return _mm256_fmadd_ps(input(0), column(0), _mm256_add_ps(a, b));
    }
    void sixteen(const float* x, __m512 y[5]) const {
        __m512 f[10];
        transpose(x, f);
#pragma GCC unroll 5
        for (int o = 0; o < 5; o++) y[o] = _mm512_set1_ps(bias[o]);
#pragma GCC unroll 10
        for (int i = 0; i < 10; i++)
#pragma GCC unroll 5
            for (int o = 0; o < 5; o++) y[o] = _mm512_fmadd_ps(f[i], _mm512_set1_ps(weight[i][o]), y[o]);
    }
};

struct Seed {
    Small a;
    alignas(32) float weight[8] = {}, bias;

    explicit Seed(Parameters& p) : a(p) {
        for (int i = 0; i < 5; i++) weight[i] = p.take();
        bias = p.take();
    }
    void one(const float* x, float* y) const {
        __m256 h = _mm256_mul_ps(_mm256_max_ps(a.one(x), _mm256_setzero_ps()), _mm256_load_ps(weight));
        __m128 s = _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
        s = _mm_add_ps(s, _mm_movehl_ps(s, s));
        s = _mm_add_ss(s, _mm_movehdup_ps(s));
        y[0] = _mm_cvtss_f32(s) + bias;
    }
    void batch(const float* x, float* y, int samples) const {
        for (int n = 0; n < samples; n += 16) {
            __m512 h[5], s = _mm512_set1_ps(bias);
            a.sixteen(x + n * 10, h);
#pragma GCC unroll 5
            for (int o = 0; o < 5; o++)
                s = _mm512_fmadd_ps(activate<RELU>(h[o]), _mm512_set1_ps(weight[o]), s);
            _mm512_storeu_ps(y + n, s);
        }
    }
};

struct SeedSoftmax {
    Small a;
    alignas(16) float weight[5][4] = {}, bias[4] = {0, 0, 0, LOWEST};

    explicit SeedSoftmax(Parameters& p) : a(p) {
        for (int o = 0; o < 3; o++)
            for (auto& column : weight) column[o] = p.take();
        for (int o = 0; o < 3; o++) bias[o] = p.take();
    }
    void one(const float* x, float* y) const {
        __m256 h = a.one(x);
        __m128 lo = _mm256_castps256_ps128(h), hi = _mm256_extractf128_ps(h, 1);
        auto column = [&](int i) { return _mm_load_ps(weight[i]); };
        __m128 s = _mm_fmadd_ps(_mm_broadcastss_ps(lo), column(0), _mm_load_ps(bias));
        __m128 t = _mm_mul_ps(_mm_permute_ps(lo, 0x55), column(1));
        s = _mm_fmadd_ps(_mm_permute_ps(lo, 0xaa), column(2), s);
        t = _mm_fmadd_ps(_mm_permute_ps(lo, 0xff), column(3), t);
        s = _mm_add_ps(_mm_fmadd_ps(_mm_broadcastss_ps(hi), column(4), s), t);
        __m128 max = _mm_max_ps(s, _mm_permute_ps(s, 0x4e));
        max = _mm_max_ps(max, _mm_permute_ps(max, 0xb1));
        __m128 e = exp2(_mm_mul_ps(_mm_sub_ps(s, max), _mm_set1_ps(LOG2_E)));
        __m128 sum = _mm_add_ps(e, _mm_permute_ps(e, 0x4e));
        sum = _mm_add_ps(sum, _mm_permute_ps(sum, 0xb1));
        _mm_mask_storeu_ps(y, 0x7, _mm_div_ps(e, sum));
    }
    void batch(const float* x, float* y, int samples) const {
        // Number p of the three vectors that are stored is output p mod 3 of sample p div 3.
        alignas(64) int first[3][16], last[3][16];
        for (int p = 0; p < 48; p++) {
            first[p / 16][p % 16] = p % 3 * 16 % 32 + p / 3;
            last[p / 16][p % 16] = p % 3 == 2 ? 16 + p / 3 : p % 16;
        }
        for (int n = 0; n < samples; n += 16) {
            __m512 h[5], s[3];
            a.sixteen(x + n * 10, h);
#pragma GCC unroll 3
            for (int o = 0; o < 3; o++) {
                s[o] = _mm512_set1_ps(bias[o]);
#pragma GCC unroll 5
                for (int i = 0; i < 5; i++) s[o] = _mm512_fmadd_ps(h[i], _mm512_set1_ps(weight[i][o]), s[o]);
            }
            __m512 max = _mm512_max_ps(_mm512_max_ps(s[0], s[1]), s[2]);
            for (__m512& v : s) v = exp2(_mm512_mul_ps(_mm512_sub_ps(v, max), _mm512_set1_ps(LOG2_E)));
            __m512 r = reciprocal(_mm512_add_ps(_mm512_add_ps(s[0], s[1]), s[2]));
            for (__m512& v : s) v = _mm512_mul_ps(v, r);
#pragma GCC unroll 3
            for (int v = 0; v < 3; v++) {
                __m512 t = _mm512_permutex2var_ps(s[0], _mm512_load_si512(first[v]), s[1]);
                t = _mm512_permutex2var_ps(t, _mm512_load_si512(last[v]), s[2]);
                _mm512_storeu_ps(y + n * 3 + v * 16, t);
            }
        }
    }
};

struct Mnist {
    Linear<784, 128> a;
    Linear<128, 64> b;
    Linear<64, 10> c;
    explicit Mnist(Parameters& p) : a(p), b(p), c(p, LOWEST) {}

    void one(const float* x, float* y) const {
        alignas(64) float h[128], k[64], s[16];
        a.one<RELU>(x, h);
        b.one<RELU>(h, k);
        c.one<NONE>(k, s);
        _mm512_mask_storeu_ps(y, 0x3ff, softmax(_mm512_load_ps(s)));
    }
    void batch(const float* x, float* y, int samples) const {
        alignas(64) float h[BLOCK * 128], k[BLOCK * 64], s[BLOCK * 16];
        blocks(samples, [&](int n, int some) {
            a.block<RELU>(x + n * 784, 784, h, some);
            b.block<RELU>(h, 128, k, some);
            c.block<NONE>(k, 64, s, some);
            for (int j = 0; j < some; j++)
                _mm512_mask_storeu_ps(y + (n + j) * 10, 0x3ff, softmax(_mm512_load_ps(s + j * 16)));
        });
    }
};

struct Policy {
    Linear<17, 256> a;
    Linear<256, 256> b;
    Linear<256, 6> c;
    explicit Policy(Parameters& p) : a(p), b(p), c(p) {}

    void one(const float* x, float* y) const {
        alignas(64) float h[256], k[256], s[16];
        a.one<TANH>(x, h);
        b.one<TANH>(h, k);
        c.one<NONE>(k, s);
        _mm512_mask_storeu_ps(y, 0x3f, _mm512_load_ps(s));
    }
    void batch(const float* x, float* y, int samples) const {
        alignas(64) float h[BLOCK * 256], k[BLOCK * 256], s[BLOCK * 16];
        blocks(samples, [&](int n, int some) {
            a.block<TANH>(x + n * 17, 17, h, some);
            b.block<TANH>(h, 256, k, some);
            c.block<NONE>(k, 256, s, some);
            for (int j = 0; j < some; j++)
                _mm512_mask_storeu_ps(y + (n + j) * 6, 0x3f, _mm512_load_ps(s + j * 16));
        });
    }
};

struct Mid {
    Linear<64, 64> a, b;
    Head<64> c;
    explicit Mid(Parameters& p) : a(p), b(p), c(p) {}

    void one(const float* x, float* y) const {
        alignas(64) float h[64], k[64];
        a.one<SIGMOID>(x, h);
        b.one<SIGMOID>(h, k);
        y[0] = c(k);
    }
    void batch(const float* x, float* y, int samples) const {
        alignas(64) float h[BLOCK * 64], k[BLOCK * 64];
        blocks(samples, [&](int n, int some) {
            a.block<SIGMOID>(x + n * 64, 64, h, some);
            b.block<SIGMOID>(h, 64, k, some);
            for (int j = 0; j < some; j++) y[n + j] = c(k + j * 64);
        });
    }
};

} // namespace

// Null where the processor has no AVX-512, or there is no model of that name.
extern "C" Network* expert_new(const char* model, const float* parameters) {
    if (!__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl")) return nullptr;
    Parameters p{parameters};
    if (!std::strcmp(model, "seed")) return new Timed<Seed>(p);
    if (!std::strcmp(model, "seed_softmax")) return new Timed<SeedSoftmax>(p);
    if (!std::strcmp(model, "mnist")) return new Timed<Mnist>(p);
    if (!std::strcmp(model, "policy")) return new Timed<Policy>(p);
    if (!std::strcmp(model, "mid")) return new Timed<Mid>(p);
    return nullptr;
}

#else

// Compiled on a machine without AVX-512.
extern "C" Network* expert_new(const char*, const float*) { return nullptr; }

#endif
