use layerwise::network;

network! {
    #[network(weights = "blocks.safetensors")]
    struct Net = first: Linear(3, 2) -> body: [Linear(2, 2) -> ReLU; 3];
    //                                         ^^^^^^^^^^^^ needs `body.2.0.weight` of shape [2, 2]
}

fn main() {
    let _ = Net::pretrained();
}
