use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> LeakyReLU(negative_slope = "0.1");
    //                                                       ^^^^^ a number
}

fn main() {}
