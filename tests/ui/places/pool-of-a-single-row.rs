use layerwise::network;

network! {
    struct Net = Input(1, 8, 8)
        -> Conv2d(1, 16, 3) -> ReLU -> MaxPool2d(2)
        -> Conv2d(16, 32, 3) -> ReLU -> MaxPool2d(2)
        //                                        ^ which have 1 row | let more rows reach it
        -> Flatten -> Linear(_, 10);
}

fn main() {}
