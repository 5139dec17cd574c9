use layerwise::network;

network! {
    struct Net = Linear(10, 8) -> [Linear(4, 4) -> ReLU; 3];
    //                                    ^ takes 4 inputs | `Linear(10, 8)` before it gives 8
}

fn main() {}
