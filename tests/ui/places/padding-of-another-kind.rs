use layerwise::network;

network! {
    struct Net = Input(1, 8, 8) -> Conv2d(1, 2, 3, padding = "full");
    //                                                       ^^^^^^ is a whole number
}

fn main() {}
