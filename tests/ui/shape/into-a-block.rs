use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> body: (Tanh -> Linear(6, 2)) -> Linear(2, 1);
    //                                                  ^ `Linear(6, 2)` takes 6 inputs | `Linear(10, 5)` before it gives 5
}

fn main() {}
