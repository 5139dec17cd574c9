use layerwise::network;

network! {
    struct Net = Input(1, 8, 8) -> Conv2d(1, 2, (3, 3, 3));
    //                                          ^^^^^^^^^ a number or a pair
}

fn main() {}
