use layerwise::network;

network! {
    struct Net = Linear(99999999999999999999, 5);
    //                  ^^^^^^^^^^^^^^^^^^^^ too large
}

fn main() {}
