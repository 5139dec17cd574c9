use layerwise::network;

network! {
    struct Net = Linear(10.0, 5) -> ReLU;
    //                  ^^^^ whole number | `10.0`
}

fn main() {}
