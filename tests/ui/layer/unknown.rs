use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Embedding(3, 3);
    //                            ^^^^^^^^^ `Embedding` is no built-in layer
}

fn main() {}
