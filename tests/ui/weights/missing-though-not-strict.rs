use layerwise::network;

network! {
    #[network(weights = "more.safetensors", strict = false)]
    struct Net = fc1: Linear(3, 2) -> ReLU -> out: Linear(2, 1);
    //                                        ^^^^^^^^^^^^^^^^^ `Linear(2, 1)` needs `out.weight` of shape [1, 2]
}

fn main() {
    let _ = Net::pretrained();
}
