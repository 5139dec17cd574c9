use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Softshrink(-0.5);
    //                                       ^^^^ `lambd` is a number that is 0 or more, not `-0.5`
}

fn main() {}
