use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> LeakyReLU(negative_slop = 0.1);
    //                                      ^^^^^^^^^^^^^ no option `negative_slop` | write `negative_slope`
}

fn main() {}
