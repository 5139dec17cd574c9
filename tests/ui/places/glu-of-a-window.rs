use layerwise::network;

network! {
    struct Net = Input(2, 9) -> GLU;
    //                          ^^^ goes by the last dimension
}

fn main() {}
