use layerwise::network;

network! {
    struct Net = Linear -> ReLU;
    //           ^^^^^^ not complete | in_features
}

fn main() {}
