use layerwise::network;

network! {
    #[network(weights = "net.safetensors")]
    struct Net = fc1: Linear(3, 4) -> ReLU -> fc2: Linear(4, 1);
    //           ^^^^^^^^^^^^^^^^^ `fc1.weight` of `Linear(3, 4)` has shape [4, 3], but [2, 3] in "net.safetensors"
    //                                        ^^^^^^^^^^^^^^^^^ `fc2.weight` of `Linear(4, 1)` has shape [1, 4], but [1, 2]
}

fn main() {
    let _ = Net::pretrained();
}
