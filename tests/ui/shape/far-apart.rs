use layerwise::network;

network! {
    struct Net = Linear(784, 128) -> ReLU -> Softmax -> Tanh -> Identity -> Linear(64, 10);
    //                                                                             ^^ takes 64 inputs | `Linear(784, 128)` before it gives 128 | `Linear(128, 10)`
}

fn main() {}
