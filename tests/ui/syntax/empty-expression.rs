use layerwise::network;

fn main() {
    let net = network!();
    //        ^^^^^^^^^^ a chain is missing | write `network!(Linear(10, 5) -> ReLU -> Linear(_, 1))`
    let _ = net;
}
