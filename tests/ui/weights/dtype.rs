use layerwise::network;

network! {
    #[network(weights = "integers.safetensors")]
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
    //                                        ^^^^^^^^^^^^^^^^^ `fc2.weight` is I64 | but F16, BF16, F32 or F64 can be read
}

fn main() {
    let _ = Net::pretrained();
}
