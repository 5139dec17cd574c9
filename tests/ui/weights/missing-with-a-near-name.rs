use layerwise::network;

network! {
    #[network(weights = "net.safetensors")]
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc_2: Linear(2, 1);
    //                                        ^^^^^^^^^^^^^^^^^^ needs `fc_2.weight` | it has `fc2.weight` of shape [1, 2]
}

fn main() {
    let _ = Net::pretrained();
}
