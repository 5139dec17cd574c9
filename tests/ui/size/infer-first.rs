use layerwise::network;

network! {
    struct Net = Linear(_, 5) -> ReLU;
    //                  ^ nothing reaches the first layer
}

fn main() {}
