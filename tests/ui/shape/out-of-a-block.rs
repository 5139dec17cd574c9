use layerwise::network;

network! {
    struct Net = body: (Linear(6, 5) -> Tanh) -> Linear(6, 2);
    //                                                  ^ takes 6 inputs | `Linear(6, 5)` before it gives 5
}

fn main() {}
