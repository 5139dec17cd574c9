use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Conv3d(3, 3);
    //                            ^^^^^^ `Conv2d` is no built-in layer
}

fn main() {}
