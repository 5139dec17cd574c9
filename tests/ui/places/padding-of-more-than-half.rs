use layerwise::network;

network! {
    struct Net = Input(1, 8, 8) -> MaxPool2d(2, padding = 2);
    //                                                    ^ at most half
}

fn main() {}
