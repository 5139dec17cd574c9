use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Dropout(p = 1.5) -> Linear(_, 1);
    //                                        ^^^ `p` is a number from 0 to 1, not `1.5`
}

fn main() {}
