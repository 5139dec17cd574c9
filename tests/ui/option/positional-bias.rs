use layerwise::network;

network! {
    struct Net = Linear(10, 5, false) -> ReLU;
    //                         ^^^^^ takes no more arguments | `Linear(in_features, out_features, bias)`
}

fn main() {}
