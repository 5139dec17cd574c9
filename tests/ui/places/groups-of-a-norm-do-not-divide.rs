use layerwise::network;

network! {
    struct Net = Input(6, 10) -> GroupNorm(4, 6);
    //                                     ^ can't be divided
}

fn main() {}
