use layerwise::network;

network! {
    struct Net = Linear(10, out_features = 5);
    //                      ^^^^^^^^^^^^ `out_features` is a size
}

fn main() {}
