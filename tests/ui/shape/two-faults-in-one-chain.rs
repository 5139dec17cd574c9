use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Linear(6, 4) -> ReLU -> Linear(3, 2) -> Linear(2, 1);
    //                                   ^ `Linear(6, 4)` takes 6 inputs | `Linear(10, 5)` before it gives 5
    //                                                           ^ `Linear(3, 2)` takes 3 inputs | `Linear(6, 4)` before it gives 4
}

fn main() {}
