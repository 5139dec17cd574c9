use layerwise::network;

network! {
    struct Net = fc: Linear(10, 5) -> fc: Linear(5, 1);
    //                                ^^ `fc` is already the name
}

fn main() {}
