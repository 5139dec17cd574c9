use layerwise::network;

network! {
    struct Net = Input(5) -> Tanh -> Linear(6, 2);
    //                                      ^ takes 6 inputs | `Input(5)` before it gives 5
}

fn main() {}
