use layerwise::network;

network! {
    struct Net = fc1: Linear(2, 1) -> ReLU;
}

fn main() {
    let _ = Net::new().fc2;
    //                 ^^^ no field `fc2`
}
