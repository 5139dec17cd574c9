use layerwise::network;

const HIDDEN: usize = 6;

network! {
    struct Net = Linear(10, HIDDEN) -> Linear(5, 1);
    //                                        ^ `Linear(5, 1)` takes 5 inputs | `Linear(10, HIDDEN)` before it gives 6
}

fn main() {}
