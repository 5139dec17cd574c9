use layerwise::network;

network! {
    #[network(weights = "nowhere.safetensors")]
    //                  ^^^^^^^^^^^^^^^^^^^^^ cannot read "nowhere.safetensors" | from the folder of this package's Cargo.toml
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
