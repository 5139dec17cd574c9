use layerwise::network;

network! {
    struct Encoder = Linear(10, 5) -> ReLU;
    struct Net = Encoder -> Tanh -> Linear(6, 2);
    //                                     ^ `Linear(6, 2)` takes 6 inputs | `Encoder` before it gives 5
}

fn main() {}
