use layerwise::network;

network! {
    #[network(weights = "net.safetensors")]
    struct Net = fc1: Linear(3, 2) -> ReLU -> out: Linear(2, 1);
    //                                        ^^^^^^^^^^^^^^^^^ `Linear(2, 1)` needs `out.weight` of shape [1, 2] | it has `fc1.bias`, `fc1.weight`, `fc2.bias`, `fc2.weight`
}

fn main() {
    let _ = Net::pretrained();
}
