use layerwise::network;

network! {
    struct Net = Input(1, 4, 6) -> Conv2d(1, 4, 5);
    //                                          ^ leaves nothing
}

fn main() {}
