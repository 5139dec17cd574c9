use layerwise::network;

network! {
    struct Net = Linear(10u8, 5) -> ReLU;
    //                  ^^^^ `usize` | write `10`
}

fn main() {}
