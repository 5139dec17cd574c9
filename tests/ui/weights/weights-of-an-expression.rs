use layerwise::network;

fn main() {
    let _ = network!(#[network(weights = "net.safetensors")] Linear(3, 2) -> ReLU);
    //                                   ^^^^^^^^^^^^^^^^^ a network without a name has no `pretrained()`
}
