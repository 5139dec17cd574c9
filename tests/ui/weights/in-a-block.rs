use layerwise::network;

network! {
    #[network(weights = "blocks.safetensors")]
    struct Net = first: Linear(3, 2) -> body: (Linear(2, 2) -> ReLU);
    //                                         ^^^^^^^^^^^^ needs `body.0.weight` of shape [2, 2] | it has `body.0.0.weight`
}

fn main() {
    let _ = Net::pretrained();
}
