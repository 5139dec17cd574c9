use layerwise::network;

network! {
    #[network(scalar = f64)]
    struct Encoder = Linear(10, 5) -> ReLU;
    struct Net = Linear(4, 10) -> Encoder -> Linear(5, 1);
    //                            ^^^^^^^ scalar mismatch: `Encoder` is a network of f64, but f32 reaches it
}

fn main() {}
