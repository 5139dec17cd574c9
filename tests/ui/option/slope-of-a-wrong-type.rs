use layerwise::network;

const SLOPE: f32 = 0.1;

network! {
    struct Net = Linear(10, 5) -> LeakyReLU(SLOPE);
    //                                      ^^^^^ mismatched types
}

fn main() {}
