// Networks over images as an expert writes them: static sizes, weights packed for the kernels, bias,
// activation and pooling while the sums are at hand. Images have the channels of a pixel beside one
// another, LeNet's first layer its columns. What comes before this header says what a vector is: `Vector`
// of `W` numbers, `load`, `store`, `splat`, `fma`, `max`, `min`, `add`, and `pool_columns`.
#pragma once
#include "avx2.h"
#include "network.h"
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <type_traits>

#define INLINE inline __attribute__((always_inline))

namespace {

enum Activation { NONE, RELU, RELU6 };

template <Activation A> INLINE Vector activate(Vector x) {
    if constexpr (A == NONE) return x;
    x = max(x, splat(0));
    if constexpr (A == RELU6) x = min(x, splat(6));
    return x;
}

// Nothing is read earlier than it is written here: gcc would read ahead, and spill the sums.
INLINE void in_order() { asm volatile("" : : : "memory"); }

// How many sums there are registers for beside the operands.
constexpr int SUMS = W == 16 ? 24 : 12;

// K inputs to O outputs, which are in the lanes: panels of P vectors, input by input.
template <int K, int O, int P, int VECTORS = (O + P * W - 1) / (P * W) * P> struct Packed {
    static constexpr int PANELS = VECTORS / P, OUT = VECTORS * W; // with padding
    alignas(64) float weight[PANELS][K][P * W] = {};
    alignas(64) float bias[OUT] = {};

    float& at(int o, int k) { return weight[o / (P * W)][k][o % (P * W)]; }

    // `place` says where an input of PyTorch's order is.
    template <class F> Packed(Parameters& p, F place) {
        for (int o = 0; o < O; o++)
            for (int k = 0; k < K; k++) at(o, place(k)) = p.take();
        for (int o = 0; o < O; o++) bias[o] = p.take();
    }
    explicit Packed(Parameters& p) : Packed(p, [](int k) { return k; }) {}

    // R outputs, of which number r's inputs begin `offset(r)` behind `x`: RUNS pieces, `line` apart.
    template <int R, int RUNS, Activation A, class F>
    INLINE void tile(const float* x, F offset, int line, float* y) const {
        for (int g = 0; g < PANELS; g++) {
            Vector sum[R][P];
#pragma GCC unroll 24
            for (int r = 0; r < R; r++)
#pragma GCC unroll 4
                for (int v = 0; v < P; v++) sum[r][v] = load(bias + (g * P + v) * W);
            const float* w = weight[g][0];
            for (int run = 0; run < RUNS; run++)
#pragma GCC unroll 5
                for (int k = 0; k < K / RUNS; k++, w += P * W) {
                    if constexpr (RUNS > 1) in_order();
                    Vector wk[P];
#pragma GCC unroll 4
                    for (int v = 0; v < P; v++) {
                        wk[v] = load(w + v * W);
                        asm("" : "+v"(wk[v])); // or gcc would load it anew for each output
                    }
#pragma GCC unroll 24
                    for (int r = 0; r < R; r++) {
                        Vector xk = splat(x[offset(r) + run * line + k]);
#pragma GCC unroll 4
                        for (int v = 0; v < P; v++) sum[r][v] = fma(xk, wk[v], sum[r][v]);
                    }
                }
#pragma GCC unroll 24
            for (int r = 0; r < R; r++)
#pragma GCC unroll 4
                for (int v = 0; v < P; v++) store(y + r * OUT + (g * P + v) * W, activate<A>(sum[r][v]));
        }
    }

    // N samples, or pixels, STRIDE numbers apart, in tiles of much the same size.
    template <int N, int STRIDE, Activation A> INLINE void rows(const float* x, float* y) const {
        constexpr int TILES = (N * P + SUMS - 1) / SUMS, R = (N + TILES - 1) / TILES;
        tile<R, 1, A>(x, [](int r) { return r * STRIDE; }, 0, y);
        if constexpr (N > R) rows<N - R, STRIDE, A>(x + R * STRIDE, y + R * OUT);
    }
};

// A linear layer, packed for one sample, in panels of P vectors, and again for batches.
template <int I, int O, int P> struct Linear {
    static constexpr int MANY = P % 2 == 0 ? 2 : 1;
    Packed<I, O, P> single;
    static constexpr int OUT = decltype(single)::OUT;
    Packed<I, O, MANY, OUT / W> many;

    template <class F> Linear(Parameters& p, F place) : Linear(Parameters(p), p, place) {}
    template <class F> Linear(Parameters again, Parameters& p, F place) : single(again, place), many(p, place) {}
    explicit Linear(Parameters& p) : Linear(p, [](int k) { return k; }) {}

    // Eight sums at a time hide the latency of the FMA: those of a panel, or of several inputs.
    template <Activation A> void one(const float* x, float* y) const {
        constexpr int U = (8 + P - 1) / P;
        for (int g = 0; g < decltype(single)::PANELS; g++) {
            Vector sum[U][P];
            for (int u = 0; u < U; u++)
                for (int v = 0; v < P; v++) sum[u][v] = u ? splat(0) : load(single.bias + (g * P + v) * W);
            auto step = [&](int i, int u) __attribute__((always_inline)) {
                Vector xi = splat(x[i]);
#pragma GCC unroll 8
                for (int v = 0; v < P; v++) sum[u][v] = fma(xi, load(&single.weight[g][i][v * W]), sum[u][v]);
            };
            int i = 0;
            for (; i + U <= I; i += U)
#pragma GCC unroll 8
                for (int u = 0; u < U; u++) step(i + u, u);
#pragma GCC unroll 8
            for (int u = 0; u < I % U; u++) step(i + u, u);
            for (int v = 0; v < P; v++) {
                for (int s = U / 2; s > 0; s /= 2)
                    for (int u = 0; u < s; u++) sum[u][v] = add(sum[u][v], sum[u + s][v]);
                store(y + (g * P + v) * W, activate<A>(sum[0][v]));
            }
        }
    }
    template <Activation A, int STRIDE> void batch(const float* x, float* y, int samples) const {
        constexpr int R = SUMS / 2;
        int n = 0;
        for (; n + R <= samples; n += R) many.template rows<R, STRIDE, A>(x + n * STRIDE, y + n * OUT);
        for (; n < samples; n++) many.template rows<1, STRIDE, A>(x + n * STRIDE, y + n * OUT);
    }
};

// 3×3, padding 1, C channels each for itself, COLUMNS pixels a row, of which T go together.
template <int C, int COLUMNS, int T> struct Depthwise {
    static_assert(C % W == 0 && COLUMNS % T == 0);
    alignas(64) float weight[C / W][3][3][W], bias[C];

    explicit Depthwise(Parameters& p) {
        for (int c = 0; c < C; c++)
            for (int t = 0; t < 9; t++) weight[c / W][t / 3][t % 3][c % W] = p.take();
        for (float& b : bias) b = p.take();
    }

    // One row from the three around it, of which the first or the last may be outside: null.
    template <Activation A> INLINE void row(std::initializer_list<const float*> around, float* y) const {
        for (int v = 0; v < C / W; v++) {
            if constexpr (COLUMNS == T) {
                tile<A, true, true>(around, v, 0, y);
            } else {
                tile<A, true, false>(around, v, 0, y);
                for (int c = T; c < COLUMNS - T; c += T) tile<A, false, false>(around, v, c, y);
                tile<A, false, true>(around, v, COLUMNS - T, y);
            }
        }
    }
    // FIRST and LAST: whether the pixels before and behind are outside.
    template <Activation A, bool FIRST, bool LAST>
    INLINE void tile(std::initializer_list<const float*> around, int v, int column, float* y) const {
        Vector sum[T];
#pragma GCC unroll 8
        for (int t = 0; t < T; t++) sum[t] = load(bias + v * W);
#pragma GCC unroll 3
        for (int u = 0; u < 3; u++) {
            const float* x = around.begin()[u];
            if (!x) continue;
            Vector w[3];
#pragma GCC unroll 3
            for (int k = 0; k < 3; k++) w[k] = load(weight[v][u][k]);
#pragma GCC unroll 10
            for (int c = FIRST ? 0 : -1; c < (LAST ? T : T + 1); c++) {
                Vector pixel = load(x + (column + c) * C + v * W);
#pragma GCC unroll 3
                for (int k = 0; k < 3; k++)
                    if (int t = c + 1 - k; t >= 0 && t < T) sum[t] = fma(pixel, w[k], sum[t]);
            }
        }
#pragma GCC unroll 8
        for (int t = 0; t < T; t++) store(y + (column + t) * C + v * W, activate<A>(sum[t]));
    }
};

// A depthwise convolution and one of 1×1 behind it, row by row.
template <int C, int ROWS, int COLUMNS, int T> struct Separable {
    Depthwise<C, COLUMNS, T> depthwise;
    Packed<C, C, C % (4 * W) == 0 && W == 16 ? 4 : 2> pointwise;

    explicit Separable(Parameters& p) : depthwise(p), pointwise(p) {}
    template <Activation A> void operator()(const float* x, float* y) const {
        constexpr int ROW = COLUMNS * C;
        alignas(64) float between[ROW];
        for (int r = 0; r < ROWS; r++, x += ROW, y += ROW) {
            depthwise.template row<A>({r > 0 ? x - ROW : nullptr, x, r + 1 < ROWS ? x + ROW : nullptr}, between);
            pointwise.template rows<COLUMNS, C, A>(between, y);
        }
    }
};

template <class N> void each(const N& net, const float* x, float* y, int samples) {
    for (int n = 0; n < samples; n++) net.one(x + n * N::INPUTS, y + n * N::OUTPUTS);
}

struct LeNet {
    static constexpr int INPUTS = 784, OUTPUTS = 10, LINE = 40, PLANE = 16, POOLED = 6 * PLANE;
    float weight[5][5][6], bias[6]; // of the first layer, whose columns are in the lanes
    Packed<150, 16, 16 / W> second;
    Linear<400, 120, 8> a;
    Linear<120, 84, 6> b;
    Linear<84, 10, 16 / W> c;

    // The second layer's inputs are in the order of row, channel, column; the third's of pixel, channel.
    explicit LeNet(Parameters& p)
        : second((first(p), p), [](int k) { return (k / 5 % 5 * 6 + k / 25) * 5 + k % 5; }),
          a(p, [](int i) { return i % 25 * 16 + i / 25; }), b(p), c(p) {}
    void first(Parameters& p) {
        for (int o = 0; o < 6; o++)
            for (int t = 0; t < 25; t++) weight[t / 5][t % 5][o] = p.take();
        for (float& b : bias) b = p.take();
    }

    // Two rows of all six channels, some columns at a time, and of them one row of the pooled image:
    // channel after channel, PLANE numbers each.
    INLINE void two_rows(const float* x, float* y) const {
        constexpr int V = W == 16 ? 2 : 1; // vectors of columns
        for (int column = 0; column < 32; column += V * W) {
            Vector sum[6][2][V];
#pragma GCC unroll 6
            for (int o = 0; o < 6; o++)
#pragma GCC unroll 2
                for (int r = 0; r < 2; r++)
#pragma GCC unroll 2
                    for (int v = 0; v < V; v++) sum[o][r][v] = splat(bias[o]);
            for (int u = 0; u < 5; u++)
#pragma GCC unroll 1
                for (int k = 0; k < 5; k++) {
                    Vector pixels[2][V];
#pragma GCC unroll 2
                    for (int r = 0; r < 2; r++)
#pragma GCC unroll 2
                        for (int v = 0; v < V; v++) pixels[r][v] = load_unaligned(x + (u + r) * LINE + column + v * W + k);
#pragma GCC unroll 6
                    for (int o = 0; o < 6; o++) {
                        Vector w = splat(weight[u][k][o]);
#pragma GCC unroll 2
                        for (int r = 0; r < 2; r++)
#pragma GCC unroll 2
                            for (int v = 0; v < V; v++) sum[o][r][v] = fma(w, pixels[r][v], sum[o][r][v]);
                    }
                }
#pragma GCC unroll 6
            for (int o = 0; o < 6; o++) {
                Vector rows[V];
#pragma GCC unroll 2
                for (int v = 0; v < V; v++) rows[v] = activate<RELU>(max(sum[o][0][v], sum[o][1][v]));
                pool_columns(rows, y + o * PLANE + column / 2);
            }
        }
    }
    // Two rows of the second layer before pooling, pixel after pixel.
    INLINE void two_rows_of_second(const float* x, float* y) const {
        if constexpr (W == 16) {
            // All sums at a time; what is read of a row serves both.
            Vector sum[2][10];
#pragma GCC unroll 10
            for (int c = 0; c < 10; c++) sum[0][c] = sum[1][c] = load(second.bias);
            auto row = [&](int channel, int u, auto upper, auto lower) __attribute__((always_inline)) {
                const float* from = x + u * POOLED + channel * PLANE;
                const float* w = second.weight[0][((upper ? u : u - 1) * 6 + channel) * 5];
#pragma GCC unroll 5
                for (int k = 0; k < 5; k++, w += 16) {
                    in_order();
                    Vector above, below;
                    if constexpr (upper) above = load(w);
                    if constexpr (lower) below = load(upper ? w - 6 * 5 * 16 : w);
#pragma GCC unroll 10
                    for (int c = 0; c < 10; c++) {
                        Vector pixel = splat(from[c + k]);
                        if constexpr (upper) sum[0][c] = fma(pixel, above, sum[0][c]);
                        if constexpr (lower) sum[1][c] = fma(pixel, below, sum[1][c]);
                    }
                }
            };
            for (int channel = 0; channel < 6; channel++) {
                row(channel, 0, std::true_type(), std::false_type());
                for (int u = 1; u < 5; u++) row(channel, u, std::true_type(), std::true_type());
                row(channel, 5, std::false_type(), std::true_type());
            }
#pragma GCC unroll 10
            for (int c = 0; c < 10; c++)
                store(y + c * 16, activate<RELU>(sum[0][c])), store(y + (10 + c) * 16, activate<RELU>(sum[1][c]));
        } else {
            for (int r = 0; r < 2; r++)
                for (int c = 0; c < 10; c += 5)
                    second.tile<5, 30, RELU>(x + r * POOLED + c, [](int c) { return c; }, PLANE, y + (r * 10 + c) * 16);
        }
    }
    // Up to what the linear layers take.
    void features(const float* x, float* y) const {
        alignas(64) float padded[32][LINE] = {}, pooled[14][POOLED], pair[20][16];
        for (int r = 0; r < 28; r++) std::memcpy(&padded[r + 2][2], x + r * 28, 28 * sizeof(float));
        for (int r = 0; r < 14; r++) two_rows(padded[2 * r], pooled[r]);
        for (int r = 0; r < 5; r++) {
            two_rows_of_second(pooled[2 * r], pair[0]);
            for (int c = 0; c < 5; c++)
                for (int v = 0; v < 16; v += W) {
                    auto at = [&](int pixel) { return load(pair[pixel] + v); };
                    Vector m = max(max(at(2 * c), at(2 * c + 1)), max(at(2 * c + 10), at(2 * c + 11)));
                    store(y + (r * 5 + c) * 16 + v, m);
                }
        }
    }
    void one(const float* x, float* y) const {
        alignas(64) float f[400], h[128], k[96], out[16];
        features(x, f);
        a.one<RELU>(f, h), b.one<RELU>(h, k), c.one<NONE>(k, out);
        std::memcpy(y, out, sizeof(float) * OUTPUTS);
    }
    // The linear layers take some samples together.
    void batch(const float* x, float* y, int samples) const {
        constexpr int BLOCK = 48;
        alignas(64) float f[BLOCK][400], h[BLOCK][128], k[BLOCK][96], out[BLOCK][16];
        for (int n = 0; n < samples; n += BLOCK) {
            const int block = samples - n < BLOCK ? samples - n : BLOCK;
            for (int s = 0; s < block; s++) features(x + (n + s) * INPUTS, f[s]);
            a.batch<RELU, 400>(f[0], h[0], block);
            b.batch<RELU, 128>(h[0], k[0], block);
            c.batch<NONE, 96>(k[0], out[0], block);
            for (int s = 0; s < block; s++) std::memcpy(y + (n + s) * OUTPUTS, out[s], sizeof(float) * OUTPUTS);
        }
    }
};

struct MobileNet {
    static constexpr int INPUTS = 32 * 16 * 16, OUTPUTS = INPUTS;
    Separable<32, 16, 16, 8> block;

    explicit MobileNet(Parameters& p) : block(p) {}
    void one(const float* x, float* y) const { block.operator()<RELU6>(x, y); }
    void batch(const float* x, float* y, int samples) const { each(*this, x, y, samples); }
};

struct DsCnn {
    static constexpr int INPUTS = 49 * 10, OUTPUTS = 12, LINE = 12, PIXELS = 25 * 5;
    Packed<40, 64, W == 16 ? 4 : 2> first;
    Separable<64, 25, 5, 5> blocks[4];
    Linear<64, 12, 16 / W> last;

    explicit DsCnn(Parameters& p)
        : first(p), blocks{Separable<64, 25, 5, 5>(p), Separable<64, 25, 5, 5>(p), Separable<64, 25, 5, 5>(p),
                           Separable<64, 25, 5, 5>(p)},
          last(p) {}
    void one(const float* x, float* y) const {
        alignas(64) float padded[59][LINE] = {}, a[PIXELS * 64], b[PIXELS * 64], mean[64], out[16];
        for (int r = 0; r < 49; r++) std::memcpy(&padded[r + 5][1], x + r * 10, 10 * sizeof(float));
        for (int r = 0; r < 25; r++)
            first.tile<5, 10, RELU>(padded[2 * r], [](int c) { return 2 * c; }, LINE, a + r * 5 * 64);
        blocks[0].operator()<RELU>(a, b), blocks[1].operator()<RELU>(b, a);
        blocks[2].operator()<RELU>(a, b), blocks[3].operator()<RELU>(b, a);
        for (int v = 0; v < 64; v += W) {
            Vector sum[5] = {splat(0), splat(0), splat(0), splat(0), splat(0)};
            for (int pixel = 0; pixel < PIXELS; pixel += 5)
#pragma GCC unroll 5
                for (int k = 0; k < 5; k++) sum[k] = add(sum[k], load(a + (pixel + k) * 64 + v));
            Vector total = add(add(add(sum[0], sum[1]), add(sum[2], sum[3])), sum[4]);
            store(mean + v, multiply(total, splat(1.0f / PIXELS)));
        }
        last.one<NONE>(mean, out);
        softmax(out, y);
    }
    void batch(const float* x, float* y, int samples) const { each(*this, x, y, samples); }

    static void softmax(float* x, float* y) {
        float max = x[0], sum = 0;
        for (int i = 1; i < OUTPUTS; i++) max = x[i] > max ? x[i] : max;
        for (int i = 0; i < 16; i += 8) {
            __m256 t = _mm256_mul_ps(_mm256_sub_ps(_mm256_load_ps(x + i), set(max)), set(LOG2_E));
            _mm256_store_ps(x + i, exp2(t));
        }
        for (int i = 0; i < OUTPUTS; i++) sum += x[i];
        for (int i = 0; i < OUTPUTS; i++) y[i] = x[i] * (1 / sum);
    }
};

inline Network* make(const char* model, const float* parameters) {
    Parameters p{parameters};
    if (!std::strcmp(model, "lenet")) return new Timed<LeNet>(p);
    if (!std::strcmp(model, "mobilenet")) return new Timed<MobileNet>(p);
    if (!std::strcmp(model, "ds_cnn")) return new Timed<DsCnn>(p);
    return nullptr;
}

} // namespace
