use layerwise::network;

network! {
    #[network(max_parameters = 10_000, max_macs = 20_000, max_bytes = 65_536)]
    //                         ^^^^^^ `Net` has 101770 parameters, but `max_parameters` is 10000 | fc1: Linear, 784 → 128: 100480
    //                                            ^^^^^^ `Net` does 101632 multiply-accumulates for a sample, but `max_macs` is 20000 | fc2: Linear, 128 → 10: 1280
    //                                                                ^^^^^^ `Net` takes 407104 bytes, but `max_bytes` is 65536 | fc1: Linear, 784 → 128: 401920
    struct Net = fc1: Linear(784, 128) -> ReLU -> fc2: Linear(_, 10);
}

fn main() {
    let _ = Net::new().forward(&layerwise::SVector::zeros());
}
