use layerwise::network;

network! {
    struct Net = Linear(3, 8) -> Residual(Linear(9, 8) -> Tanh) -> Concat(Linear(8, 2), Linear(7, 2));
    //                                           ^ `Linear(9, 8)` takes 9 inputs | `Linear(3, 8)` before it gives 8
    //                                                                                         ^ `Linear(7, 2)` takes 7 inputs
}

fn main() {}
