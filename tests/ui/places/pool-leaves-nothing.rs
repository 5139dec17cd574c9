use layerwise::network;

network! {
    struct Net = Input(2, 9, 9) -> Conv2d(2, 3, 3) -> MaxPool2d(3) -> AvgPool2d((2, 3));
    //                                                                          ^^^^^^ leaves nothing
}

fn main() {}
