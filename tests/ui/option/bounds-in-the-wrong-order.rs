use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Hardtanh(1, -1) -> Linear(_, 1);
    //                                        ^^ `max_val` is more than `min_val` | write `Hardtanh(-1, 1)`
}

fn main() {}
