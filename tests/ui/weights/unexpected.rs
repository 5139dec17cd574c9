use layerwise::network;

network! {
    #[network(weights = "more.safetensors")]
    //                  ^^^^^^^^^^^^^^^^^^ has `fc3.bias` of shape [1], which the network does not have
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
