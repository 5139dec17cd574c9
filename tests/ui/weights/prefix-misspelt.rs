use layerwise::network;

network! {
    #[network(weights = "checkpoint.safetensors", prefx = "actor.")]
    //                                            ^^^^^ `prefx` is no setting of a network | write `prefix`
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
