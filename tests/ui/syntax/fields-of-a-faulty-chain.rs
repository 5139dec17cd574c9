use layerwise::network;

network! {
    struct Net = fc1: Linear(10, 5) ReLU -> fc2: Linear(5 1) -> fc3: Linear(1, 2);
    //                              ^^^^ expected `->`
    //                                                    ^ expected `,`
}

fn main() {
    let net = Net::new();
    let _ = (net.fc1.weight[0], net.fc3.bias[1]);
}
