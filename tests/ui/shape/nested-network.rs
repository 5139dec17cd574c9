use layerwise::network;

network! {
    struct Encoder = Linear(10, 5) -> ReLU;
    struct Decoder = Linear(6, 10) -> Sigmoid;
    struct Net = Encoder -> Decoder;
    //                      ^^^^^^^ `Decoder` takes 6 inputs | `Encoder` before it gives 5 | `Linear(5, 6)` between them
}

fn main() {}
