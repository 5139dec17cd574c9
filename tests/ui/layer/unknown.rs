use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Gate(3, 3);
    //                            ^^^^ `Gate` is no built-in layer
}

fn main() {}
