use layerwise::network;

network! {
    #[network(weights = "net.safetensors")]
    struct Net = Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
    //           ^^^^^^^^^^^^ needs `0.weight` of shape [2, 3]
}

fn main() {
    let _ = Net::pretrained();
}
