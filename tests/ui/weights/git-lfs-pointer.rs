use layerwise::network;

network! {
    #[network(weights = "pointer.safetensors")]
    //                  ^^^^^^^^^^^^^^^^^^^^^ it is a Git LFS pointer | `git lfs pull`
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
