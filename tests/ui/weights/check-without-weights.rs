use layerwise::network;

network! {
    #[network(check = "net_check.safetensors")]
    //                ^^^^^^^^^^^^^^^^^^^^^^^ and there are none | write `weights = 
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::new();
}
