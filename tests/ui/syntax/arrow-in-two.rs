use layerwise::network;

network! {
    struct Net = Linear(10, 5) - > ReLU;
    //                         ^ expected `->` | found `-`
}

fn main() {}
