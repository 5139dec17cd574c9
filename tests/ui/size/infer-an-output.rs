use layerwise::network;

network! {
    struct Net = Linear(10, _) -> ReLU -> Linear(5, 1);
    //                      ^ what leaves it is a number
}

fn main() {}
