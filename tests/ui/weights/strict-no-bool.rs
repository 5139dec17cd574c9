use layerwise::network;

network! {
    #[network(weights = "net.safetensors", strict = "no")]
    //                                              ^^^^ strict is `true` or `false`, not `"no"` | write `strict = false`
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
