use layerwise::network;

network! {
    struct Net = Linear(40000, 40000) -> ReLU;
    //           ^^^^^^^^^^^^^^^^^^^^ too large
}

fn main() {}
