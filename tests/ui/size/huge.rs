use layerwise::network;

network! {
    struct Net = Linear(10, 4000000000000000000) -> ReLU;
    //                      ^^^^^^^^^^^^^^^^^^^ too large
}

fn main() {}
