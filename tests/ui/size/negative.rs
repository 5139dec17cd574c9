use layerwise::network;

network! {
    struct Net = Linear(-10, 5) -> ReLU;
    //                  ^^^ at least 1 | `-10`
}

fn main() {}
