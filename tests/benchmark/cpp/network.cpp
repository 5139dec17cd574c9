#include "network.h"
#include <cstddef>

extern "C" {
void network_delete(Network* n) { delete n; }
void network_one(const Network* n, const float* x, float* y, long calls) { n->one(x, y, calls); }
void network_batch(const Network* n, const float* x, float* y, std::size_t samples, long calls) {
    n->batch(x, y, samples, calls);
}
void network_dependent(const Network* n, float* x, float* y, long calls) { n->dependent(x, y, calls); }
}
