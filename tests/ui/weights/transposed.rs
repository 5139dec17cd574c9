use layerwise::network;

network! {
    #[network(weights = "transposed.safetensors")]
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
    //           ^^^^^^^^^^^^^^^^^ has shape [2, 3], but [3, 2] | this looks transposed
}

fn main() {
    let _ = Net::pretrained();
}
