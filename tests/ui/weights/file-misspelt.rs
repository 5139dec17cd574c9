use layerwise::network;

network! {
    #[network(weights = "nett.safetensors")]
    //                  ^^^^^^^^^^^^^^^^^^ cannot read | write "net.safetensors"
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
