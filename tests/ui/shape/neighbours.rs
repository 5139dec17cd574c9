use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Linear(6, 1);
    //                                   ^ `Linear(6, 1)` takes 6 inputs | `Linear(10, 5)` before it gives 5 | write `Linear(5, 1)` | `Linear(_, 1)`
}

fn main() {}
