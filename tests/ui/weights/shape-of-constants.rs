use layerwise::network;

const N: usize = 4;

network! {
    #[network(weights = "net.safetensors")]
    struct Net = fc1: Linear(3, N) -> ReLU -> fc2: Linear(N, 1);
    //           ^^^^^^^^^^^^^^^^^ `fc1.weight` of `Linear(3, N)` has shape [4, 3], but [2, 3]
    //                                        ^^^^^^^^^^^^^^^^^ `fc2.weight` of `Linear(N, 1)` has shape [1, 4], but [1, 2]
}

fn main() {
    let _ = Net::pretrained();
}
