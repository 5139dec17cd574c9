// What a C++ programmer writes: sizes as template arguments, plain loops, and the compiler does the rest.
#include "network.h"
#include <cmath>
#include <cstring>

namespace {

template <int I, int O> struct Linear {
    alignas(64) float weight[O][I];
    alignas(64) float bias[O];

    explicit Linear(Parameters& p) {
        for (auto& row : weight)
            for (float& w : row) w = p.take();
        for (float& b : bias) b = p.take();
    }
    void operator()(const float* __restrict x, float* __restrict y) const {
        for (int o = 0; o < O; o++) {
            float sum = bias[o];
            for (int i = 0; i < I; i++) sum += weight[o][i] * x[i];
            y[o] = sum;
        }
    }
};

template <int N> void relu(float* y) {
    for (int i = 0; i < N; i++) y[i] = y[i] > 0 ? y[i] : 0;
}
template <int N> void sigmoid(float* y) {
    for (int i = 0; i < N; i++) y[i] = 1 / (1 + std::exp(-y[i]));
}
template <int N> void tanh(float* y) {
    for (int i = 0; i < N; i++) y[i] = std::tanh(y[i]);
}
template <int N> void elu(float* y) {
    for (int i = 0; i < N; i++) y[i] = y[i] > 0 ? y[i] : std::expm1(y[i]);
}
template <int N> void gelu(float* y) {
    for (int i = 0; i < N; i++) y[i] = y[i] / 2 * (1 + std::erf(y[i] * 0.70710678f));
}
template <int N> void softmax(float* y) {
    float max = y[0], sum = 0;
    for (int i = 1; i < N; i++) max = y[i] > max ? y[i] : max;
    for (int i = 0; i < N; i++) {
        y[i] = std::exp(y[i] - max);
        sum += y[i];
    }
    const float scale = 1 / sum;
    for (int i = 0; i < N; i++) y[i] *= scale;
}

struct Seed {
    Linear<10, 5> a;
    Linear<5, 1> b;
    explicit Seed(Parameters& p) : a(p), b(p) {}
    void one(const float* x, float* y) const {
        float h[5];
        a(x, h), relu<5>(h);
        b(h, y);
    }
    void batch(const float* x, float* y, int n) const {
        for (int i = 0; i < n; i++) one(x + i * 10, y + i);
    }
};

struct SeedSoftmax {
    Linear<10, 5> a;
    Linear<5, 3> b;
    explicit SeedSoftmax(Parameters& p) : a(p), b(p) {}
    void one(const float* x, float* y) const {
        float h[5];
        a(x, h);
        b(h, y), softmax<3>(y);
    }
    void batch(const float* x, float* y, int n) const {
        for (int i = 0; i < n; i++) one(x + i * 10, y + i * 3);
    }
};

struct Mnist {
    Linear<784, 128> a;
    Linear<128, 64> b;
    Linear<64, 10> c;
    explicit Mnist(Parameters& p) : a(p), b(p), c(p) {}
    void one(const float* x, float* y) const {
        alignas(64) float h[128], k[64];
        a(x, h), relu<128>(h);
        b(h, k), relu<64>(k);
        c(k, y), softmax<10>(y);
    }
    void batch(const float* x, float* y, int n) const {
        for (int i = 0; i < n; i++) one(x + i * 784, y + i * 10);
    }
};

struct Policy {
    Linear<17, 256> a;
    Linear<256, 256> b;
    Linear<256, 6> c;
    explicit Policy(Parameters& p) : a(p), b(p), c(p) {}
    void one(const float* x, float* y) const {
        alignas(64) float h[256], k[256];
        a(x, h), tanh<256>(h);
        b(h, k), tanh<256>(k);
        c(k, y);
    }
    void batch(const float* x, float* y, int n) const {
        for (int i = 0; i < n; i++) one(x + i * 17, y + i * 6);
    }
};

struct Mid {
    Linear<64, 64> a, b;
    Linear<64, 1> c;
    explicit Mid(Parameters& p) : a(p), b(p), c(p) {}
    void one(const float* x, float* y) const {
        alignas(64) float h[64], k[64];
        a(x, h), sigmoid<64>(h);
        b(h, k), sigmoid<64>(k);
        c(k, y);
    }
    void batch(const float* x, float* y, int n) const {
        for (int i = 0; i < n; i++) one(x + i * 64, y + i);
    }
};

struct Actor {
    Linear<48, 512> a;
    Linear<512, 256> b;
    Linear<256, 128> c;
    Linear<128, 12> d;
    explicit Actor(Parameters& p) : a(p), b(p), c(p), d(p) {}
    void one(const float* x, float* y) const {
        alignas(64) float h[512], k[256], l[128];
        a(x, h), elu<512>(h);
        b(h, k), elu<256>(k);
        c(k, l), elu<128>(l);
        d(l, y);
    }
    void batch(const float* x, float* y, int n) const {
        for (int i = 0; i < n; i++) one(x + i * 48, y + i * 12);
    }
};

template <int N> struct LayerNorm {
    alignas(64) float weight[N];
    alignas(64) float bias[N];
    explicit LayerNorm(Parameters& p) {
        for (float& w : weight) w = p.take();
        for (float& b : bias) b = p.take();
    }
    void operator()(const float* __restrict x, float* __restrict y) const {
        float mean = 0, variance = 0;
        for (int i = 0; i < N; i++) mean += x[i];
        mean /= N;
        for (int i = 0; i < N; i++) variance += (x[i] - mean) * (x[i] - mean);
        const float scale = 1 / std::sqrt(variance / N + 1e-5f);
        for (int i = 0; i < N; i++) y[i] = (x[i] - mean) * scale * weight[i] + bias[i];
    }
};

struct Block {
    LayerNorm<64> norm;
    Linear<64, 64> a, b;
    explicit Block(Parameters& p) : norm(p), a(p), b(p) {}
    void operator()(float* x) const {
        alignas(64) float h[64], k[64];
        norm(x, h);
        a(h, k), gelu<64>(k);
        b(k, h);
        for (int i = 0; i < 64; i++) x[i] += h[i];
    }
};

struct Residual {
    Block a, b, c, d;
    explicit Residual(Parameters& p) : a(p), b(p), c(p), d(p) {}
    void one(const float* x, float* y) const {
        for (int i = 0; i < 64; i++) y[i] = x[i];
        a(y), b(y), c(y), d(y);
    }
    void batch(const float* x, float* y, int n) const {
        for (int i = 0; i < n; i++) one(x + i * 64, y + i * 64);
    }
};

struct Gated {
    Linear<64, 64> gate, value;
    Linear<64, 8> last;
    explicit Gated(Parameters& p) : gate(p), value(p), last(p) {}
    void one(const float* x, float* y) const {
        alignas(64) float h[64], k[64];
        gate(x, h), sigmoid<64>(h);
        value(x, k), tanh<64>(k);
        for (int i = 0; i < 64; i++) h[i] *= k[i];
        last(h, y);
    }
    void batch(const float* x, float* y, int n) const {
        for (int i = 0; i < n; i++) one(x + i * 64, y + i * 8);
    }
};

} // namespace

// Null where there is no model of that name.
extern "C" Network* plain_new(const char* model, const float* parameters) {
    Parameters p{parameters};
    if (!std::strcmp(model, "seed")) return new Timed<Seed>(p);
    if (!std::strcmp(model, "seed_softmax")) return new Timed<SeedSoftmax>(p);
    if (!std::strcmp(model, "mnist")) return new Timed<Mnist>(p);
    if (!std::strcmp(model, "policy")) return new Timed<Policy>(p);
    if (!std::strcmp(model, "mid")) return new Timed<Mid>(p);
    if (!std::strcmp(model, "actor")) return new Timed<Actor>(p);
    if (!std::strcmp(model, "residual")) return new Timed<Residual>(p);
    if (!std::strcmp(model, "gated")) return new Timed<Gated>(p);
    return nullptr;
}
