use layerwise::network;

network! {
    struct Net = Input(2, 5, 5) -> Residual(Conv2d(2, 2, 3));
    //                                      ^^^^^^^^^^^^^^^ gives 2×3×3
}

fn main() {}
