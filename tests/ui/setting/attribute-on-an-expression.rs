use layerwise::network;

fn main() {
    let _ = network!(#[derive(PartialEq)] Linear(10, 5) -> ReLU);
    //               ^^^^^^^^^^^^^^^^^^^^ only `#[network(scalar = …)]`
}
