// What one writes by hand for networks that remember, for a processor with AVX2: intrinsics, sizes as
// template arguments, the biases that are only ever added together added once, and several sums beside
// one another. All hidden sizes are whole registers.
#include "avx2.h"
#include <cstring>

namespace {

inline __m256 sigmoid(__m256 x) { return logistic(_mm256_mul_ps(x, set(-LOG2_E))); }
inline __m256 tanh(__m256 x) { // 2·σ(2x) − 1
    return _mm256_fmsub_ps(logistic(_mm256_mul_ps(x, set(-2 * LOG2_E))), set(2), set(1));
}

// Takes the tensors one after the other, each column by column.
struct Tensors {
    const float* next;
    template <int N> void take(float (&to)[N]) {
        std::memcpy(to, next, sizeof to);
        next += N;
    }
};

template <int H> struct Dense {
    alignas(32) float weight[H], bias[1];
    void init(Tensors& t) { t.take(weight), t.take(bias); }
    float operator()(const float* x) const {
        __m256 sum = _mm256_setzero_ps();
        for (int i = 0; i < H; i += 8)
            sum = _mm256_fmadd_ps(_mm256_load_ps(weight + i), _mm256_load_ps(x + i), sum);
        __m128 s = _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps(sum, 1));
        s = _mm_add_ps(s, _mm_movehl_ps(s, s));
        return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s))) + bias[0];
    }
};

// One input, `G` gates of `H` units, and `C` sums of each gate beside one another.
template <int G, int H, int C> struct Gated {
    alignas(32) float input[G * H], state[H * G * H], input_bias[G * H], state_bias[G * H];
    alignas(32) float h[H], c[H];
    Dense<H> dense;

    explicit Gated(const float* tensors) : h{}, c{} {
        Tensors t{tensors};
        t.take(input), t.take(state), t.take(input_bias), t.take(state_bias);
        dense.init(t);
        // GRU's last gate multiplies what comes of the state before it adds the rest.
        for (int i = 0; i < (G == 3 ? 2 * H : G * H); i++) state_bias[i] += input_bias[i];
    }
    float step(float x) {
        alignas(32) float next[H];
#pragma GCC unroll 1
        for (int u = 0; u < H; u += 8) {
            __m256 sums[C][G] = {};
            for (int g = 0; g < G; g++) sums[0][g] = _mm256_load_ps(state_bias + g * H + u);
#pragma GCC unroll 4
            for (int i = 0; i < H; i += C)
                for (int k = 0; k < C; k++) {
                    __m256 value = _mm256_broadcast_ss(h + i + k);
                    for (int g = 0; g < G; g++)
                        sums[k][g] = _mm256_fmadd_ps(_mm256_load_ps(state + (i + k) * G * H + g * H + u), value, sums[k][g]);
                }
            for (int k = 1; k < C; k++)
                for (int g = 0; g < G; g++) sums[0][g] = _mm256_add_ps(sums[0][g], sums[k][g]);
            auto entered = [&](int g, __m256 to) { return _mm256_fmadd_ps(_mm256_load_ps(input + g * H + u), set(x), to); };
            __m256* s = sums[0];
            if constexpr (G == 3) {
                __m256 r = sigmoid(entered(0, s[0])), z = sigmoid(entered(1, s[1]));
                __m256 n = tanh(_mm256_fmadd_ps(r, s[2], entered(2, _mm256_load_ps(input_bias + 2 * H + u))));
                _mm256_store_ps(next + u, _mm256_fmadd_ps(z, _mm256_sub_ps(_mm256_load_ps(h + u), n), n));
            } else {
                __m256 i = sigmoid(entered(0, s[0])), f = sigmoid(entered(1, s[1]));
                __m256 g = tanh(entered(2, s[2])), o = sigmoid(entered(3, s[3]));
                __m256 cell = _mm256_fmadd_ps(f, _mm256_load_ps(c + u), _mm256_mul_ps(i, g));
                _mm256_store_ps(c + u, cell);
                _mm256_store_ps(next + u, _mm256_mul_ps(o, tanh(cell)));
            }
        }
        std::memcpy(h, next, sizeof h);
        return dense(h);
    }
};
template <int H> using Gru = Gated<3, H, 4>;
template <int H> using Lstm = Gated<4, H, 2>;

// Three taps, `D` steps from one another, eight outputs, and tanh.
template <int I, int D> struct Causal {
    static constexpr int PAST = 16; // more than 2 · 7, and a power of two
    static_assert(2 * D <= PAST);
    alignas(32) float weight[I * 3 * 8], bias[8], past[PAST][I] = {};
    unsigned now = 0;
    void init(Tensors& t) { t.take(weight), t.take(bias); }
    void step(const float* x, float* y) {
        __m256 sums[3] = {_mm256_load_ps(bias)};
        float* place = past[now % PAST];
        // What is 16 steps old is read before its place is taken.
        for (int tap = 0; tap < 3; tap++) {
            const float* from = tap == 2 ? x : past[(now - (2 - tap) * D) % PAST];
            for (int i = 0; i < I; i++)
                sums[tap] = _mm256_fmadd_ps(_mm256_load_ps(weight + (tap * I + i) * 8), _mm256_broadcast_ss(from + i), sums[tap]);
        }
        std::memcpy(place, x, sizeof past[0]);
        now++;
        _mm256_store_ps(y, tanh(_mm256_add_ps(_mm256_add_ps(sums[0], sums[1]), sums[2])));
    }
};
struct Wave {
    Causal<1, 1> a;
    Causal<8, 2> b;
    Causal<8, 4> c;
    Causal<8, 8> d;
    Dense<8> dense;
    explicit Wave(const float* tensors) {
        Tensors t{tensors};
        a.init(t), b.init(t), c.init(t), d.init(t), dense.init(t);
    }
    float step(float x) {
        alignas(32) float first[8], second[8];
        a.step(&x, first), b.step(first, second), c.step(second, first), d.step(first, second);
        return dense(second);
    }
};

struct Stream {
    virtual ~Stream() = default;
    virtual float steps(float x, long steps) = 0;
};
template <class N> struct Fed final : Stream {
    N net;
    explicit Fed(const float* tensors) : net(tensors) {}
    // Each step takes what the one before gave.
    float steps(float x, long steps) override {
        for (; steps > 0; steps--) {
            asm volatile("" : : "r"(&net) : "memory");
            x = net.step(x);
        }
        return x;
    }
};
template <template <int> class Cell> Stream* recurrent(int hidden, const float* tensors) {
    switch (hidden) {
    case 8: return new Fed<Cell<8>>(tensors);
    case 16: return new Fed<Cell<16>>(tensors);
    case 24: return new Fed<Cell<24>>(tensors);
    case 32: return new Fed<Cell<32>>(tensors);
    case 40: return new Fed<Cell<40>>(tensors);
    case 64: return new Fed<Cell<64>>(tensors);
    default: return nullptr;
    }
}

} // namespace

extern "C" Stream* stream_gru(int hidden, const float* tensors) { return recurrent<Gru>(hidden, tensors); }
extern "C" Stream* stream_lstm(int hidden, const float* tensors) { return recurrent<Lstm>(hidden, tensors); }
extern "C" Stream* stream_wave(int, const float* tensors) { return new Fed<Wave>(tensors); }
extern "C" float stream_steps(Stream* stream, float x, long steps) { return stream->steps(x, steps); }
extern "C" void stream_delete(Stream* stream) { delete stream; }
