use layerwise::network;

network! {
    #[network(weights = "other.safetensors", check = "net_check.safetensors")]
    //                                               ^^^^^^^^^^^^^^^^^^^^^^^ has F32 numbers of shape [4, 3] as its `input` | of shape [n, 4]
    struct Net = fc1: Linear(4, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
