use layerwise::network;

network! {
    struct Net = Input(2, 9) -> LayerNorm(9);
    //                          ^^^^^^^^^^^^ takes a vector
}

fn main() {}
