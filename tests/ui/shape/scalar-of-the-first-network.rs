use layerwise::network;

network! {
    struct Encoder = Linear(10, 5) -> ReLU;
    #[network(scalar = f64)]
    struct Net = Encoder -> Linear(5, 1);
    //           ^^^^^^^ `Encoder` | f64 | scalar
}

fn main() {}
