use layerwise::network;

network! {
    #[network(tolerance = 1e-5)]
    //                    ^^^^ a tolerance is that of a `check`
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::new();
}
