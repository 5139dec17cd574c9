use layerwise::network;

network! {
    struct Decoder = Linear(6, 10) -> Sigmoid;
    struct Net = Linear(3, 5) -> ReLU -> Decoder -> Linear(10, 2);
    //                                   ^^^^^^^ `Decoder` takes 6 inputs | `Linear(3, 5)` before it gives 5 | write `Linear(3, 6)`
}

fn main() {}
