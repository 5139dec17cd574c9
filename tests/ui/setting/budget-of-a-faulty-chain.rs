use layerwise::network;

network! {
    #[network(max_parameters = 10, max_bytes = 10)]
    struct Net = Linear(10, 5) -> ReLU -> Linear(6, 1) -> Softmx;
    //                                           ^ `Linear(6, 1)` takes 6 inputs
    //                                                    ^^^^^^ write `Softmax`
}

fn main() {
    let _ = Net::new();
}
