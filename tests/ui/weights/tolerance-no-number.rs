use layerwise::network;

network! {
    #[network(weights = "net.safetensors", check = "net_check.safetensors", tolerance = "small")]
    //                                                                                  ^^^^^^^ the tolerance is a positive number | write `tolerance = 1e-5`
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
