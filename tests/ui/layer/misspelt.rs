use layerwise::network;

network! {
    struct Net = Liner(10, 5) -> ReLU;
    //           ^^^^^ `Liner` | write `Linear`
}

fn main() {}
