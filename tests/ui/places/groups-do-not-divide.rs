use layerwise::network;

network! {
    struct Net = Input(3, 8, 8) -> Conv2d(3, 5, 3, groups = 2);
    //                                                      ^ can't be divided
}

fn main() {}
