use layerwise::network;

network! {
    struct Net = Linear("10", 5) -> ReLU;
    //                  ^^^^ whole number
}

fn main() {}
