use layerwise::network;

fn main() {
    let _ = network!(#[network(max_parameters = 10)] Linear(3, 2) -> ReLU);
    //                                          ^^ a network without a name has no `max_parameters` | write `struct Net = …;`
}
