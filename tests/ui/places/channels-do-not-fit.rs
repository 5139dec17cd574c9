use layerwise::network;

network! {
    struct Net = Input(3, 8, 8) -> Conv2d(1, 4, 3);
    //                                    ^ takes 1 channel, but `Input(3, 8, 8)` before it gives 3
}

fn main() {}
