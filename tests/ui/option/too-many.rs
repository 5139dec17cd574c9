use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> LeakyReLU(0.1, 0.2);
    //                                           ^^^ takes no more arguments
}

fn main() {}
