use layerwise::network;

network! {
    #[network(weights = "net.safetensors")]
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1, bias = false);
    //                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ has `fc2.bias` of shape [1], which `Linear(2, 1, bias = false)` does not have
}

fn main() {
    let _ = Net::pretrained();
}
