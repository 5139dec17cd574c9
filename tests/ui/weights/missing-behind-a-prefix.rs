use layerwise::network;

network! {
    #[network(weights = "checkpoint.safetensors", prefix = "actor.", strict = false)]
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc3: Linear(2, 1);
    //                                        ^^^^^^^^^^^^^^^^^ `Linear(2, 1)` needs `actor.fc3.weight` of shape [1, 2] | it has `actor.fc2.weight`
}

fn main() {
    let _ = Net::pretrained();
}
