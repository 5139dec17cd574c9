// What an expert writes for a processor with AVX2: intrinsics, weights packed for the kernels (once for
// one sample and once for batches), bias and activation in registers. Batches are in eights.
#include "avx2.h"
#include "network.h"
#include <cstring>

namespace {

constexpr float LOWEST = -1e30f; // in softmax's unused lanes: its exponential is 0

enum Activation { NONE, RELU, SIGMOID, TANH };

template <Activation A> inline __m256 activate(__m256 x) {
    if constexpr (A == RELU) return _mm256_max_ps(x, _mm256_setzero_ps());
    if constexpr (A == SIGMOID) return logistic(_mm256_mul_ps(x, set(-LOG2_E)));
    if constexpr (A == TANH) // 2·σ(2x) − 1
        return _mm256_fmsub_ps(logistic(_mm256_mul_ps(x, set(-2 * LOG2_E))), set(2), set(1));
    return x;
}

inline float sum(__m256 x) {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}
inline float largest(__m256 x) {
    __m128 s = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    s = _mm_max_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
}
// Over V vectors, whose unused lanes are LOWEST.
template <int V> inline void softmax(__m256* x) {
    __m256 max = x[0], total = _mm256_setzero_ps();
    for (int v = 1; v < V; v++) max = _mm256_max_ps(max, x[v]);
    max = set(largest(max));
    for (int v = 0; v < V; v++) {
        x[v] = exp2(_mm256_mul_ps(_mm256_sub_ps(x[v], max), set(LOG2_E)));
        if (v == V - 1) { // what the bound made of the unused lanes
            __m256 used = _mm256_cmp_ps(x[v], set(1.2e-38f), _CMP_GT_OQ);
            x[v] = _mm256_and_ps(x[v], used);
        }
        total = _mm256_add_ps(total, x[v]);
    }
    __m256 inverse = set(1 / sum(total));
    for (int v = 0; v < V; v++) x[v] = _mm256_mul_ps(x[v], inverse);
}

// Panels of P vectors of outputs, input by input.
template <int I, int VECTORS, int P> struct Packed {
    static_assert(VECTORS % P == 0);
    alignas(64) float weight[VECTORS / P][I][P * 8] = {};
    float& at(int o, int i) { return weight[o / (P * 8)][i][o % (P * 8)]; }
};

template <int I, int O> struct Linear {
    static constexpr int VECTORS = (O + 7) / 8, OUT = VECTORS * 8; // with padding
    static constexpr int P1 = VECTORS % 8 == 0 ? 8 : VECTORS % 2 == 0 ? 2 : 1;
    static constexpr int P = VECTORS % 2 == 0 ? 2 : 1;
    Packed<I, VECTORS, P1> single;
    Packed<I, VECTORS, P> many;
    alignas(64) float bias[OUT];

    explicit Linear(Parameters& p, float pad = 0) {
        for (int o = 0; o < O; o++)
            for (int i = 0; i < I; i++) single.at(o, i) = many.at(o, i) = p.take();
        for (int o = 0; o < OUT; o++) bias[o] = o < O ? p.take() : pad;
    }

    // One sample, with eight sums at a time.
    template <Activation A> void one(const float* x, float* y) const {
        constexpr int U = 8 / P1;
        for (int g = 0; g < VECTORS / P1; g++) {
            __m256 sum[U][P1];
            for (int u = 0; u < U; u++)
                for (int v = 0; v < P1; v++)
                    sum[u][v] = u ? _mm256_setzero_ps() : _mm256_load_ps(bias + (g * P1 + v) * 8);
            auto step = [&](int i, int u) __attribute__((always_inline)) {
                __m256 xi = set(x[i]);
#pragma GCC unroll 8
                for (int v = 0; v < P1; v++)
                    sum[u][v] = _mm256_fmadd_ps(xi, _mm256_load_ps(&single.weight[g][i][v * 8]), sum[u][v]);
            };
            int i = 0;
            for (; i + U <= I; i += U)
#pragma GCC unroll 8
                for (int u = 0; u < U; u++) step(i + u, u);
#pragma GCC unroll 8
            for (int u = 0; u < I % U; u++) step(i + u, u);
            for (int v = 0; v < P1; v++) {
                for (int s = U / 2; s > 0; s /= 2)
                    for (int u = 0; u < s; u++) sum[u][v] = _mm256_add_ps(sum[u][v], sum[u + s][v]);
                _mm256_store_ps(y + (g * P1 + v) * 8, activate<A>(sum[0][v]));
            }
        }
    }

    // R samples by one panel, over the inputs from `begin` to `end`; earlier inputs' sums are in `y`.
    template <int R, Activation A>
    static void tile(const float* x, int stride, float* y, const float* w, const float* bias, int begin, int end) {
        __m256 sum[R][P];
#pragma GCC unroll 12
        for (int r = 0; r < R; r++)
#pragma GCC unroll 2
            for (int v = 0; v < P; v++) sum[r][v] = _mm256_load_ps(begin ? y + r * OUT + v * 8 : bias + v * 8);
        for (int i = begin; i < end; i++) {
            __m256 wi[P];
#pragma GCC unroll 2
            for (int v = 0; v < P; v++) wi[v] = _mm256_load_ps(w + i * P * 8 + v * 8);
#pragma GCC unroll 12
            for (int r = 0; r < R; r++) {
                __m256 xi = set(x[r * stride + i]);
#pragma GCC unroll 2
                for (int v = 0; v < P; v++) sum[r][v] = _mm256_fmadd_ps(xi, wi[v], sum[r][v]);
            }
        }
#pragma GCC unroll 12
        for (int r = 0; r < R; r++)
#pragma GCC unroll 2
            for (int v = 0; v < P; v++)
                _mm256_store_ps(y + r * OUT + v * 8, end == I ? activate<A>(sum[r][v]) : sum[r][v]);
    }

    // `y` has OUT numbers a sample. A panel's weights for STEP inputs stay in the first cache while all
    // samples pass.
    template <Activation A> void block(const float* x, int stride, float* y, int samples) const {
        constexpr int STEP = I % 196 == 0 ? 196 : 256, R = P == 2 ? 6 : 12;
        for (int g = 0; g < VECTORS / P; g++)
            for (int i = 0; i < I; i += STEP) {
                const int end = i + STEP < I ? i + STEP : I;
                const float *w = &many.weight[g][0][0], *b = bias + g * P * 8;
                float* out = y + g * P * 8;
                int n = 0;
                for (; n + R <= samples; n += R) tile<R, A>(x + n * stride, stride, out + n * OUT, w, b, i, end);
                for (; n + 4 <= samples; n += 4) tile<4, A>(x + n * stride, stride, out + n * OUT, w, b, i, end);
                for (; n < samples; n++) tile<1, A>(x + n * stride, stride, out + n * OUT, w, b, i, end);
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
        __m256 a = _mm256_setzero_ps(), b = a;
        for (int i = 0; i < I; i += 16) {
            a = _mm256_fmadd_ps(_mm256_load_ps(x + i), _mm256_load_ps(weight + i), a);
            b = _mm256_fmadd_ps(_mm256_load_ps(x + i + 8), _mm256_load_ps(weight + i + 8), b);
        }
        return sum(_mm256_add_ps(a, b)) + bias;
    }
};

// Samples pass through the whole network in blocks that stay in the second cache.
constexpr int BLOCK = 64;
template <class F> void blocks(int samples, F each) {
    for (int n = 0; n < samples; n += BLOCK) each(n, samples - n < BLOCK ? samples - n : BLOCK);
}

// Ten inputs of eight samples, an input a vector: 4 × 4 transpositions of what is loaded four at a time.
inline void transpose(const float* x, __m256 f[10]) {
#pragma GCC unroll 3
    for (int k = 0; k < 3; k++) {
        const int c = k < 2 ? 4 * k : 6; // 6 and 7 twice, so that nothing beyond the last sample is read
        __m256 r[4];
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) {
            const float* p = x + j * 10 + c;
            r[j] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p)), _mm_loadu_ps(p + 40), 1);
        }
        __m256 lo01 = _mm256_unpacklo_ps(r[0], r[1]), lo23 = _mm256_unpacklo_ps(r[2], r[3]);
        __m256 hi01 = _mm256_unpackhi_ps(r[0], r[1]), hi23 = _mm256_unpackhi_ps(r[2], r[3]);
        f[c] = _mm256_shuffle_ps(lo01, lo23, 0x44);
        f[c + 1] = _mm256_shuffle_ps(lo01, lo23, 0xee);
        f[c + 2] = _mm256_shuffle_ps(hi01, hi23, 0x44);
        f[c + 3] = _mm256_shuffle_ps(hi01, hi23, 0xee);
    }
}

// Linear(10, 5): for one sample the outputs are in the lanes, for eight the samples.
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
    void eight(const float* x, __m256 y[5]) const {
        __m256 f[10];
        transpose(x, f);
#pragma GCC unroll 5
        for (int o = 0; o < 5; o++) {
            y[o] = set(bias[o]);
#pragma GCC unroll 10
            for (int i = 0; i < 10; i++) y[o] = _mm256_fmadd_ps(f[i], set(weight[i][o]), y[o]);
        }
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
        y[0] = sum(_mm256_mul_ps(activate<RELU>(a.one(x)), _mm256_load_ps(weight))) + bias;
    }
    void batch(const float* x, float* y, int samples) const {
        for (int n = 0; n < samples; n += 8) {
            __m256 h[5], s = set(bias);
            a.eight(x + n * 10, h);
#pragma GCC unroll 5
            for (int o = 0; o < 5; o++) s = _mm256_fmadd_ps(activate<RELU>(h[o]), set(weight[o]), s);
            _mm256_storeu_ps(y + n, s);
        }
    }
};

struct SeedSoftmax {
    Small a;
    alignas(32) float weight[5][8] = {}, bias[8] = {0, 0, 0, LOWEST, LOWEST, LOWEST, LOWEST, LOWEST};

    explicit SeedSoftmax(Parameters& p) : a(p) {
        for (int o = 0; o < 3; o++)
            for (auto& column : weight) column[o] = p.take();
        for (int o = 0; o < 3; o++) bias[o] = p.take();
    }
    void one(const float* x, float* y) const {
        alignas(32) float h[8], out[8];
        _mm256_store_ps(h, a.one(x));
        __m256 s = _mm256_load_ps(bias);
#pragma GCC unroll 5
        for (int i = 0; i < 5; i++) s = _mm256_fmadd_ps(_mm256_broadcast_ss(h + i), _mm256_load_ps(weight[i]), s);
        softmax<1>(&s);
        _mm256_store_ps(out, s);
        std::memcpy(y, out, 12);
    }
    void batch(const float* x, float* y, int samples) const {
        for (int n = 0; n < samples; n += 8) {
            __m256 h[5], s[3];
            a.eight(x + n * 10, h);
#pragma GCC unroll 3
            for (int o = 0; o < 3; o++) {
                s[o] = set(bias[o]);
#pragma GCC unroll 5
                for (int i = 0; i < 5; i++) s[o] = _mm256_fmadd_ps(h[i], set(weight[i][o]), s[o]);
            }
            __m256 max = _mm256_max_ps(_mm256_max_ps(s[0], s[1]), s[2]);
            for (__m256& v : s) v = exp2(_mm256_mul_ps(_mm256_sub_ps(v, max), set(LOG2_E)));
            __m256 r = reciprocal(_mm256_add_ps(_mm256_add_ps(s[0], s[1]), s[2]));
            alignas(32) float out[3][8];
            for (int o = 0; o < 3; o++) _mm256_store_ps(out[o], _mm256_mul_ps(s[o], r));
            for (int j = 0; j < 8; j++)
                for (int o = 0; o < 3; o++) y[(n + j) * 3 + o] = out[o][j];
        }
    }
};

struct Mnist {
    Linear<784, 128> a;
    Linear<128, 64> b;
    Linear<64, 10> c;
    explicit Mnist(Parameters& p) : a(p), b(p), c(p, LOWEST) {}

    static void finish(float* s, float* y) {
        __m256 v[2] = {_mm256_load_ps(s), _mm256_load_ps(s + 8)};
        softmax<2>(v);
        _mm256_storeu_ps(y, v[0]);
        _mm_storel_pi(reinterpret_cast<__m64*>(y + 8), _mm256_castps256_ps128(v[1]));
    }
    void one(const float* x, float* y) const {
        alignas(64) float h[128], k[64], s[16];
        a.one<RELU>(x, h);
        b.one<RELU>(h, k);
        c.one<NONE>(k, s);
        finish(s, y);
    }
    void batch(const float* x, float* y, int samples) const {
        alignas(64) float h[BLOCK * 128], k[BLOCK * 64], s[BLOCK * 16];
        blocks(samples, [&](int n, int some) {
            a.block<RELU>(x + n * 784, 784, h, some);
            b.block<RELU>(h, 128, k, some);
            c.block<NONE>(k, 64, s, some);
            for (int j = 0; j < some; j++) finish(s + j * 16, y + (n + j) * 10);
        });
    }
};

struct Policy {
    Linear<17, 256> a;
    Linear<256, 256> b;
    Linear<256, 6> c;
    explicit Policy(Parameters& p) : a(p), b(p), c(p) {}

    void one(const float* x, float* y) const {
        alignas(64) float h[256], k[256], s[8];
        a.one<TANH>(x, h);
        b.one<TANH>(h, k);
        c.one<NONE>(k, s);
        std::memcpy(y, s, 24);
    }
    void batch(const float* x, float* y, int samples) const {
        alignas(64) float h[BLOCK * 256], k[BLOCK * 256], s[BLOCK * 8];
        blocks(samples, [&](int n, int some) {
            a.block<TANH>(x + n * 17, 17, h, some);
            b.block<TANH>(h, 256, k, some);
            c.block<NONE>(k, 256, s, some);
            for (int j = 0; j < some; j++) std::memcpy(y + (n + j) * 6, s + j * 8, 24);
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

// Null where the processor has no AVX2, or there is no model of that name.
extern "C" Network* expert_avx2_new(const char* model, const float* parameters) {
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return nullptr;
    Parameters p{parameters};
    if (!std::strcmp(model, "seed")) return new Timed<Seed>(p);
    if (!std::strcmp(model, "seed_softmax")) return new Timed<SeedSoftmax>(p);
    if (!std::strcmp(model, "mnist")) return new Timed<Mnist>(p);
    if (!std::strcmp(model, "policy")) return new Timed<Policy>(p);
    if (!std::strcmp(model, "mid")) return new Timed<Mid>(p);
    return nullptr;
}
