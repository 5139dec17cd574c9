use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Softmax(2);
    //                                    ^ 1 or -1
}

fn main() {}
