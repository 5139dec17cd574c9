use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> CELU(alpha = 0) -> Linear(_, 1);
    //                                         ^ `alpha` is a number other than 0, not `0`
}

fn main() {}
