use layerwise::network;

const WIDTH: usize = 64;

network! {
    struct Encoder = Linear(WIDTH, WIDTH) -> Tanh;

    #[network(max_macs = 20 * 1000, max_parameters = 100_000)]
    //                   ^^^^^^^^^ `Net` does 57600 multiply-accumulates | blocks: Residual × 3, 64 → 64: 49152 | fc1: Linear, 64 → 128: 24576 | encoder0: Encoder, 64 → 64: 4096
    struct Net = Encoder
        -> blocks: [Residual(fc1: Linear(WIDTH, 2 * WIDTH) -> GELU -> fc2: Linear(_, WIDTH)); 3]
        -> heads: Concat(mean: Linear(_, 34), (Linear(_, 34) -> Sigmoid));
}

fn main() {}
