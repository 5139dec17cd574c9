use layerwise::network;

network! {
    struct Net = Linear(10, 5, 3) -> ReLU;
    //                         ^ takes no more arguments
}

fn main() {}
