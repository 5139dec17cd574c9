use layerwise::network;

network! {
    struct Net = (Linear(6, 5) -> Tanh) -> (Sigmoid -> Linear(4, 2));
    //                                                        ^ takes 4 inputs | `Linear(6, 5)` before it gives 5
}

fn main() {}
