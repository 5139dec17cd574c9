use layerwise::network;

network! {
    struct Net = relu1: Linear(10, 5) -> ReLU;
    //                                   ^^^^ `relu1`
}

fn main() {}
