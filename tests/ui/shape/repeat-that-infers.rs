use layerwise::network;

network! {
    struct Net = Linear(4, 5) -> [Linear(_, 7) -> Linear(7, 6); 2];
    //                                                      ^ each copy | takes 5 inputs | `Linear(7, 6)` at its end gives 6
}

fn main() {}
