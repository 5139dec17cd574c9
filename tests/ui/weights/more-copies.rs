use layerwise::network;

network! {
    #[network(weights = "blocks.safetensors")]
    //                  ^^^^^^^^^^^^^^^^^^^^ has `body.1.0.bias` of shape [2], which the network does not have
    struct Net = first: Linear(3, 2) -> body: [Linear(2, 2) -> ReLU; 1];
}

fn main() {
    let _ = Net::pretrained();
}
