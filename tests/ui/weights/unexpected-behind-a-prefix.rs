use layerwise::network;

network! {
    #[network(weights = "checkpoint.safetensors", prefix = "actor.")]
    //                  ^^^^^^^^^^^^^^^^^^^^^^^^ has `actor.fc2.bias` of shape [1], which the network does not have
    struct Net = fc1: Linear(3, 2);
}

fn main() {
    let _ = Net::pretrained();
}
