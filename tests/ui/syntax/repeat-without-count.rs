use layerwise::network;

network! {
    struct Net = [Linear(5, 5) -> ReLU];
    //                                ^ how many copies
}

fn main() {}
