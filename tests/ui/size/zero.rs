use layerwise::network;

network! {
    struct Net = Linear(10, 0) -> ReLU;
    //                      ^ at least 1
}

fn main() {}
