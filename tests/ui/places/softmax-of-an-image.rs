use layerwise::network;

network! {
    struct Net = Input(2, 3, 3) -> Softmax;
    //                             ^^^^^^^ goes by the last dimension
}

fn main() {}
