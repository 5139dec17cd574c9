use layerwise::network;

network! {
    struct Encoder = Linear(10, 5) -> ReLU;
    #[network(scalar = f64)]
    struct Net = Encoder -> Linear(5, 1);
    //           ^^^^^^^ scalar mismatch: `Encoder` is a network of f32, but f64 reaches it
}

fn main() {}
