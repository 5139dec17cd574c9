use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> RReLU(lower = 0.5) -> Linear(_, 1);
    //                                          ^^^ `upper` is `lower` or more | give `upper` too
}

fn main() {}
