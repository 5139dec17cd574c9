use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> GLU -> Linear(_, 1);
    //                            ^^^ `GLU` takes an even number of inputs, but `Linear(10, 5)` before it gives 5 | write `Linear(10, 10)`
}

fn main() {}
