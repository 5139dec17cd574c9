use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Softmax(dim = 0);
    //                                          ^ `dim` is 1 for the features
}

fn main() {}
