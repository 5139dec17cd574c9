use layerwise::network;

network! {
    #[network(weights = "cut.safetensors")]
    //                  ^^^^^^^^^^^^^^^^^ is not a complete safetensors file
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
