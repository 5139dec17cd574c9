use layerwise::network;

network! {
    struct Net = Input(3, 8, 8) -> LogSoftmax(dim = 2) -> Flatten;
    //                                              ^ `dim` is 1 | channels
}

fn main() {}
