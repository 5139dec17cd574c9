use layerwise::network;

network! {
    struct Net = Linear(10) -> ReLU;
    //           ^^^^^^^^^^ `Linear(10)` is not complete | `Linear(in_features, out_features)`
}

fn main() {}
