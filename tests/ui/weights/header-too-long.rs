use layerwise::network;

network! {
    #[network(weights = "long_header.safetensors")]
    //                  ^^^^^^^^^^^^^^^^^^^^^^^^^ is not a complete safetensors file: its header of 1048576 bytes is cut
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
