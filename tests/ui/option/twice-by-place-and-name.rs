use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> LeakyReLU(0.1, negative_slope = 0.1);
    //                                           ^^^^^^^^^^^^^^ given twice
}

fn main() {}
