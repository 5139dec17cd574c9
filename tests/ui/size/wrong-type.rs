use layerwise::network;

const N: u8 = 5;

network! {
    struct Net = Linear(10, N) -> ReLU;
    //                      ^ mismatched types
}

fn main() {}
