use layerwise::network;

network! {
    #[network(weights = "wide.safetensors", check = "net_check.safetensors")]
    //                                              ^^^^^^^^^^^^^^^^^^^^^^^ has F32 numbers of shape [4, 1] as its `output` | of shape [4, 5]
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 5);
}

fn main() {
    let _ = Net::pretrained();
}
