use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> LayerNorm(5, 1e-5, true, false);
    //                                         ^^^^ write `LayerNorm(5, eps = 1e-5, elementwise_affine = true, bias = false)`
}

fn main() {}
