use layerwise::network;

network! {
    struct Net = Input(2, 5, 5) -> Concat(Conv2d(2, 2, 3), Conv2d(2, 3, 1));
    //                                                     ^^^^^^^^^^^^^^^ gives 3×5×5
}

fn main() {}
