use layerwise::network;

network! {
    struct Net = Residual(Linear(8, 16) -> ReLU -> Linear(16, 7)) -> Linear(_, 1);
    //                                                        ^ `Residual` adds what enters, which is 8 | `Linear(16, 7)` at its end gives 7
}

fn main() {
    let _ = Net::new().forward(&layerwise::SVector::zeros());
}
