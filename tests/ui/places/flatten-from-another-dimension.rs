use layerwise::network;

network! {
    struct Net = Input(1, 8) -> Flatten(start_dim = 0);
    //                                              ^ is 1
}

fn main() {}
