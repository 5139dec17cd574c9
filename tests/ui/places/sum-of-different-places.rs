use layerwise::network;

network! {
    struct Net = Input(2, 5, 5) -> Add(Conv2d(2, 3, 1), Conv2d(2, 3, 3) -> ReLU);
    //                                                  ^^^^^^^^^^^^^^^ gives 3×3×3 | keep all places in both
    struct Channels = Input(2, 5, 5) -> Add(Conv2d(2, 3, 1), Conv2d(2, 4, 1) -> ReLU);
    //                                                                 ^ gives 4×5×5 | write `Conv2d(2, 3, 1)`
}

fn main() {}
