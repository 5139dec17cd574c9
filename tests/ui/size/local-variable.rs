use layerwise::network;

fn main() {
    let hidden = 5;
    let _ = network!(Linear(10, hidden) -> ReLU);
    //                          ^^^^^^ constant
}
