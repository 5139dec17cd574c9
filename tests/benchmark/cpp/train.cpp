// A step of training as a C++ programmer writes it: sizes as template arguments, plain loops in tiles that
// the compiler keeps in registers and vectorises, and a block of samples that stays in the cache there and
// back.
#include <cmath>
#include <cstring>
#include <immintrin.h>

namespace {

// c[r][n] = start + the sum over k of a[r * ROW + k * STEP] * b[k][n], where it starts at `start[n]`, at
// what is there already, or at zero.
enum class Start { Zero, Bias, There };

template <int ROWS, int N, int K, int ROW, int STEP, Start START, int R>
void tile(const float* __restrict a, const float* __restrict b, const float* __restrict start,
          float* __restrict c, int r, int n) {
    constexpr int W = N < 32 ? N : 32;
    float sums[R][W];
    // A row of the tile is for the vectoriser, which a loop that was unrolled before would hide from it.
#pragma GCC unroll 4
    for (int i = 0; i < R; i++)
#pragma GCC unroll 1
        for (int j = 0; j < W; j++)
            sums[i][j] = START == Start::Bias    ? start[n + j]
                         : START == Start::There ? c[(r + i) * N + n + j]
                                                 : 0;
    for (int k = 0; k < K; k++)
#pragma GCC unroll 4
        for (int i = 0; i < R; i++) {
            const float x = a[(r + i) * ROW + k * STEP];
#pragma GCC unroll 1
            for (int j = 0; j < W; j++) sums[i][j] += x * b[k * N + n + j];
        }
#pragma GCC unroll 4
    for (int i = 0; i < R; i++)
#pragma GCC unroll 1
        for (int j = 0; j < W; j++) c[(r + i) * N + n + j] = sums[i][j];
}

template <int ROWS, int N, int K, int ROW, int STEP, Start START>
void product(const float* a, const float* b, const float* start, float* c) {
    constexpr int W = N < 32 ? N : 32, R = 4, WHOLE = ROWS / R * R;
    static_assert(N % W == 0);
    for (int n = 0; n < N; n += W) {
        for (int r = 0; r < WHOLE; r += R) tile<ROWS, N, K, ROW, STEP, START, R>(a, b, start, c, r, n);
        for (int r = WHOLE; r < ROWS; r++) tile<ROWS, N, K, ROW, STEP, START, 1>(a, b, start, c, r, n);
    }
}

// Numbers that are learnt, with their gradient and what Adam remembers.
template <int N> struct Learnt {
    alignas(64) float value[N], gradient[N] = {}, mean[N] = {}, square[N] = {};

    void adam(float rate, float scale) {
        for (int i = 0; i < N; i++) {
            mean[i] = 0.9f * mean[i] + 0.1f * gradient[i];
            square[i] = 0.999f * square[i] + 0.001f * gradient[i] * gradient[i];
            value[i] -= rate * mean[i] / (std::sqrt(square[i] * scale) + 1e-8f);
        }
    }
    float size() const {
        float sum = 0;
        for (float g : gradient) sum += std::fabs(g);
        return sum;
    }
};

struct ReLU {
    static float of(float x) { return x > 0 ? x : 0; }
    static float slope(float y) { return y > 0 ? 1 : 0; }
};
struct Tanh {
    static float of(float x) { return std::tanh(x); }
    static float slope(float y) { return 1 - y * y; }
};

// Of the targets: a number each, or a class a sample. Gives the sum of the losses, and their gradient in
// place of the outputs.
template <int TOTAL> struct MeanSquares {
    template <int S, int O> static float of(float* y, const float* targets) {
        float sum = 0;
        for (int i = 0; i < S * O; i++) {
            const float difference = y[i] - targets[i];
            sum += difference * difference;
            y[i] = difference * (2.0f / (TOTAL * O));
        }
        return sum / (TOTAL * O);
    }
    static constexpr bool CLASSES = false;
};
template <int TOTAL> struct CrossEntropy {
    template <int S, int O> static float of(float* y, const float* targets) {
        float loss = 0;
        for (int s = 0; s < S; s++, y += O) {
            float largest = y[0], sum = 0;
            for (int o = 1; o < O; o++) largest = y[o] > largest ? y[o] : largest;
            const int label = static_cast<int>(targets[s]);
            loss -= y[label] - largest;
            for (int o = 0; o < O; o++) sum += y[o] = std::exp(y[o] - largest);
            loss += std::log(sum);
            for (int o = 0; o < O; o++) y[o] *= 1 / (sum * TOTAL);
            y[label] -= 1.0f / TOTAL;
        }
        return loss / TOTAL;
    }
    static constexpr bool CLASSES = true;
};

// Layers from I inputs on, for S samples at a time.
template <class F, class L, int S, int I, int... Rest> struct Layers;

template <class F, class L, int S, int I> struct Layers<F, L, S, I> {
    static constexpr int OUTPUTS = I;
    explicit Layers(const float*&) {}
    template <bool, bool> float pass(float* y, float* dy, const float* targets) {
        const float loss = L::template of<S, I>(y, targets);
        std::memcpy(dy, y, sizeof(float) * S * I);
        return loss;
    }
    template <class Update> void update(Update) {}
    float size() const { return 0; }
};

template <class F, class L, int S, int I, int O, int... Rest> struct Layers<F, L, S, I, O, Rest...> {
    static constexpr bool LAST = sizeof...(Rest) == 0;
    static constexpr int OUTPUTS = Layers<F, L, S, O, Rest...>::OUTPUTS;
    Learnt<I * O> weight; // an input's row after the other
    Learnt<O> bias;
    alignas(64) float y[S * O], dy[S * O], turned[I * O];
    Layers<F, L, S, O, Rest...> rest;

    explicit Layers(const float*& parameters) : rest(read(parameters)) {}

    const float*& read(const float*& parameters) {
        for (int o = 0; o < O; o++)
            for (int i = 0; i < I; i++) weight.value[i * O + o] = *parameters++;
        for (float& b : bias.value) b = *parameters++;
        return parameters;
    }

    // There and back, to `dx` if that is wanted; the first block's gradient takes the place of the one before.
    template <bool FIRST, bool INPUT> float pass(const float* x, float* dx, const float* targets) {
        product<S, O, I, I, 1, Start::Bias>(x, weight.value, bias.value, y);
        if constexpr (!LAST)
            for (float& v : y) v = F::of(v);
        const float loss = rest.template pass<FIRST, true>(y, dy, targets);
        if constexpr (!LAST)
            for (int i = 0; i < S * O; i++) dy[i] *= F::slope(y[i]);
        product<I, O, S, 1, I, FIRST ? Start::Zero : Start::There>(x, dy, nullptr, weight.gradient);
        if constexpr (FIRST) std::memset(bias.gradient, 0, sizeof bias.gradient);
        for (int s = 0; s < S; s++)
            for (int o = 0; o < O; o++) bias.gradient[o] += dy[s * O + o];
        if constexpr (INPUT) {
            if constexpr (FIRST)
                for (int i = 0; i < I; i++)
                    for (int o = 0; o < O; o++) turned[o * I + i] = weight.value[i * O + o];
            product<S, I, O, O, 1, Start::Zero>(dy, turned, nullptr, dx);
        }
        return loss;
    }
    template <class Update> void update(Update each) {
        each(weight), each(bias);
        rest.update(each);
    }
    float size() const { return weight.size() + bias.size() + rest.size(); }
};

struct Adam {
    double mean = 1, square = 1;
    template <class N> void operator()(N& net) {
        mean *= 0.9, square *= 0.999;
        const float rate = 1e-3 / (1 - mean), scale = 1 / (1 - square);
        net.update([=](auto& learnt) { learnt.adam(rate, scale); });
    }
};
struct Nothing {
    template <class N> void operator()(N&) {}
};

struct Learner {
    virtual ~Learner() = default;
    virtual void run(long steps) = 0;
    virtual void outputs(float* losses) const = 0;
};

// SAMPLES there are, of which a step takes BATCH, S at a time.
template <class F, class L, class U, int SAMPLES, int BATCH, int S, int I, int... Rest>
struct Task final : Learner {
    using Net = Layers<F, L, S, I, Rest...>;
    static constexpr int TARGET = L::CLASSES ? 1 : Net::OUTPUTS;
    static_assert(BATCH % S == 0 && SAMPLES % BATCH == 0);
    Net net;
    U update;
    const float *x, *targets;
    int next = 0;
    float loss = 0;

    Task(const float* parameters, const float* x, const float* targets)
        : net(parameters), x(x), targets(targets) {}

    void run(long steps) override {
        for (; steps > 0; steps--) {
            asm volatile("" : : "r"(x), "r"(targets), "r"(&net) : "memory");
            const float *at = x + next * I, *to = targets + next * TARGET;
            loss = net.template pass<true, false>(at, nullptr, to);
            for (int s = S; s < BATCH; s += S)
                loss += net.template pass<false, false>(at + s * I, nullptr, to + s * TARGET);
            update(net);
            next = (next + BATCH) % SAMPLES;
            asm volatile("" : : "r"(&net), "r"(&loss) : "memory");
        }
    }
    void outputs(float* to) const override { to[0] = loss, to[1] = net.size(); }
};

// I → H → 1 with ReLU, a sample a step: no tile pays, and what is learnt is changed where it lies.
template <int SAMPLES, int I, int H> struct OneByOne final : Learner {
    float weight[H][I], bias[H], last[H], last_bias;
    const float *x, *targets;
    int next = 0;
    float loss = 0;

    OneByOne(const float* parameters, const float* x, const float* targets) : x(x), targets(targets) {
        std::memcpy(weight, parameters, sizeof weight);
        std::memcpy(bias, parameters + H * I, sizeof bias);
        std::memcpy(last, parameters + H * I + H, sizeof last);
        last_bias = parameters[H * I + 2 * H];
    }
    void run(long steps) override {
        for (; steps > 0; steps--, next = (next + 1) % SAMPLES) {
            asm volatile("" : : "r"(x), "r"(targets), "r"(this) : "memory");
            const float* at = x + next * I;
            float hidden[H], y = last_bias;
            for (int h = 0; h < H; h++) {
                float sum = bias[h];
                for (int i = 0; i < I; i++) sum += weight[h][i] * at[i];
                hidden[h] = ReLU::of(sum);
                y += hidden[h] * last[h];
            }
            const float difference = y - targets[next], change = 0.01f * 2 * difference;
            for (int h = 0; h < H; h++) {
                const float of_hidden = change * last[h] * ReLU::slope(hidden[h]);
                last[h] -= change * hidden[h];
                for (int i = 0; i < I; i++) weight[h][i] -= of_hidden * at[i];
                bias[h] -= of_hidden;
            }
            last_bias -= change;
            loss = difference * difference;
            asm volatile("" : : "r"(this) : "memory");
        }
    }
    void outputs(float* to) const override { to[0] = loss, to[1] = 0; }
};

} // namespace

extern "C" {

Learner* train_new(const char* name, const float* parameters, const float* x, const float* targets) {
    if (!std::strcmp(name, "mnist"))
        return new Task<ReLU, CrossEntropy<64>, Adam, 64, 64, 64, 784, 128, 64, 10>(parameters, x, targets);
    if (!std::strcmp(name, "expm"))
        return new Task<Tanh, MeanSquares<10000>, Adam, 10000, 10000, 40, 4, 32, 16, 4>(parameters, x, targets);
    if (!std::strcmp(name, "tiny"))
        return new Task<Tanh, MeanSquares<200>, Nothing, 200, 200, 200, 24, 8, 2>(parameters, x, targets);
    if (!std::strcmp(name, "seed"))
        return new OneByOne<256, 10, 5>(parameters, x, targets);
    return nullptr;
}
void train_delete(Learner* learner) { delete learner; }
// With subnormal numbers taken for zero: what Adam keeps for the weights of a unit that ReLU switched off
// becomes one and stays it, and a step would take three times as long.
void train_run(Learner* learner, long steps) {
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040);
    learner->run(steps);
    _mm_setcsr(before);
}
void train_outputs(const Learner* learner, float* outputs) { learner->outputs(outputs); }
}
