use layerwise::network;

network! {
    struct Net = Input(_) -> ReLU;
    //                 ^ nothing reaches `Input`
}

fn main() {}
