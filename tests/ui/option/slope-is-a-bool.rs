use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> LeakyReLU(true);
    //                                      ^^^^ a number
}

fn main() {}
