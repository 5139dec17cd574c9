use layerwise::network;

network! {
    #[network(weights = "checkpoint.safetensors", prefix = "policy.")]
    //                                                     ^^^^^^^^^ no key of "checkpoint.safetensors" begins with "policy." | its keys begin with "actor.", "critic."
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
