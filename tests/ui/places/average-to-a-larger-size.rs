use layerwise::network;

network! {
    struct Net = Input(2, 5, 5) -> AdaptiveAvgPool2d(7);
    //                                               ^ gives 7 rows
}

fn main() {}
