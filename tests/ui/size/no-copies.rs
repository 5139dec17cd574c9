use layerwise::network;

network! {
    struct Net = [Linear(5, 5) -> ReLU; 0];
    //                                  ^ at least 1
}

fn main() {}
