use layerwise::network;

network! {
    #[network(weights = "checkpoint.safetensors")]
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
    //           ^^^^^^^^^^^^^^^^^ `Linear(3, 2)` needs `fc1.weight` of shape [2, 3] | all of the network's keys begin with "actor." there: write `prefix = "actor."`
}

fn main() {
    let _ = Net::pretrained();
}
