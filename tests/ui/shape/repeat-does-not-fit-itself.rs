use layerwise::network;

network! {
    struct Net = Linear(10, 8) -> [Linear(8, 4) -> ReLU; 3] -> Linear(8, 1);
    //                                       ^ each copy in `[Linear(8, 4) -> ReLU; 3]` takes 8 inputs | `Linear(8, 4)` at its end gives 4 | write `Linear(8, 8)`
}

fn main() {}
