use layerwise::network;

const HIDDEN: usize = 5;

network! {
    struct Net = Linear(10, HIDDEN) -> GLU -> Linear(_, 1);
    //                                 ^^^ `GLU` takes an even number of inputs, but `Linear(10, HIDDEN)` before it gives 5 | write `Linear(10, 10)`
}

fn main() {
    let _ = Net::new();
}
