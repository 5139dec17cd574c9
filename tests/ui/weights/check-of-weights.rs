use layerwise::network;

network! {
    #[network(weights = "net.safetensors", check = "net.safetensors")]
    //                                             ^^^^^^^^^^^^^^^^^ the reference check "net.safetensors" has no `input` | of shape [n, 3]
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
