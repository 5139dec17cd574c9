use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Softmax(dim = 0);
    //                                          ^ 1 or -1
}

fn main() {}
