use layerwise::network;

const HIDDEN: usize = 6;

network! {
    struct Net = Linear(10, 5) -> ReLU -> Linear(HIDDEN, 1);
    //                                           ^^^^^^ `Linear(HIDDEN, 1)` takes 6 inputs | `Linear(10, 5)` before it gives 5 | write `Linear(5, 1)` | `Linear(_, 1)`
}

fn main() {}
