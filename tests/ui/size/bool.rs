use layerwise::network;

network! {
    struct Net = Linear(10, true) -> ReLU;
    //                      ^^^^ whole number | `true`
}

fn main() {}
