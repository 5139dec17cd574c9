use layerwise::network;

network! {
    #[network(weights = "offsets.safetensors")]
    //                  ^^^^^^^^^^^^^^^^^^^^^ is not a complete safetensors file: tensor `fc1.bias` does not begin where the one before it ends
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
