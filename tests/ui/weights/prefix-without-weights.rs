use layerwise::network;

network! {
    #[network(prefix = "actor.")]
    //                 ^^^^^^^^ a prefix is that of the keys in `weights` | write `weights = "net.safetensors"`
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::new();
}
