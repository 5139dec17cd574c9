use layerwise::network;

network! {
    struct Net = Concat(Linear(5, 4), Linear(6, 3)) -> Linear(_, 1);
    //                                       ^ `Linear(6, 3)` takes 6 inputs | `Linear(5, 4)` beside it takes 5
}

fn main() {}
