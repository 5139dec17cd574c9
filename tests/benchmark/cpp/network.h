// What both C++ contestants share: how Rust calls them, and the loops that are timed.
#pragma once

// A network with its weights. The loops are on this side of the language border, so that a call costs
// what it costs in a C++ program.
struct Network {
    virtual ~Network() = default;
    virtual void one(const float* x, float* y, long calls) const = 0;
    virtual void batch(const float* x, float* y, int samples, long calls) const = 0;
    virtual void dependent(float* x, float* y, long calls) const = 0;
};

namespace {

// Tells the compiler that memory is read and written here, as Rust's `black_box` does.
inline void barrier(const void* p) { asm volatile("" : : "r"(p) : "memory"); }

// Takes the parameters one after the other, as they lie in Rust: of each layer the weight, row by row,
// and then the bias.
struct Parameters {
    const float* next;
    float take() { return *next++; }
};

// `N` has a constructor from `Parameters&`, `one(x, y)`, and `batch(x, y, samples)`.
template <class N> struct Timed final : Network {
    N net;
    explicit Timed(Parameters& p) : net(p) {}

    void one(const float* x, float* y, long calls) const override {
        for (; calls > 0; calls--) {
            barrier(x);
            net.one(x, y);
            barrier(y);
        }
    }
    void batch(const float* x, float* y, int samples, long calls) const override {
        for (; calls > 0; calls--) {
            barrier(x);
            net.batch(x, y, samples);
            barrier(y);
        }
    }
    void dependent(float* x, float* y, long calls) const override {
        const float x0 = x[0];
        for (; calls > 0; calls--) {
            barrier(x);
            net.one(x, y);
            x[0] = x0 + y[0] * 1e-30f;
        }
        x[0] = x0;
    }
};

} // namespace
