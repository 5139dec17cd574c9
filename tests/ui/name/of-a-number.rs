use layerwise::network;

network! {
    struct Net = 1: Linear(10, 5);
    //           ^ a layer
}

fn main() {}
