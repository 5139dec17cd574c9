use layerwise::network;

network! {
    struct Inner = Linear(2, 2) -> ReLU;
    #[network(weights = "blocks.safetensors")]
    struct Net = first: Linear(3, 2) -> body: Inner;
    //                                  ^^^^^^^^^^^ `Inner` needs `body.0.weight`
}

fn main() {
    let _ = Net::pretrained();
}
