use layerwise::network;

network! {
    struct Net = Input(3, 8, 8) -> BatchNorm1d(3);
    //                             ^^^^^^^^^^^^^^ takes a vector or windows | write `BatchNorm2d(…)`
}

fn main() {}
