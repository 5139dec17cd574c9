use layerwise::network;

network! {
    #[network(weights = "checkpoint.safetensors", prefix = actor)]
    //                                                     ^^^^^ the prefix is the beginning of keys, in quotes | write `prefix = "actor."`
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
