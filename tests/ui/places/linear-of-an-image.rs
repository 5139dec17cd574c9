use layerwise::network;

network! {
    struct Net = Input(1, 4, 4) -> Conv2d(1, 2, 3) -> Linear(8, 1);
    //                                                ^^^^^^^^^^^^ takes a vector
}

fn main() {}
