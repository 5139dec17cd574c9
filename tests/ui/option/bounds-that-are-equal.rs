use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Hardtanh(min_val = 0, max_val = 0) -> Linear(_, 1);
    //                                                            ^ `max_val` is more than `min_val`, but here both are `0`
}

fn main() {}
