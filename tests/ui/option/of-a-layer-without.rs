use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> ReLU(0.1);
    //                                 ^^^ `ReLU` takes no more arguments
}

fn main() {}
