use layerwise::network;

const N: usize = 8;

network! {
    struct Net = block: Residual(Linear(N, 16) -> ReLU -> Linear(16, N - 1)) -> Linear(_, 1);
    //                                                               ^^^^^ `Residual` adds what enters, which is 8 | `Linear(16, N - 1)` at its end gives 7
}

fn main() {
    let _ = Net::new().forward(&layerwise::SVector::zeros());
}
