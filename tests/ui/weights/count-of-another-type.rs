use layerwise::network;

network! {
    #[network(weights = "count.safetensors")]
    struct Net = fc: Linear(3, 2) -> norm: BatchNorm1d(2);
    //                               ^^^^^^^^^^^^^^^^^^^^ `norm.num_batches_tracked` is F32 in "count.safetensors", but I64 can be read
}

fn main() {
    let _ = Net::pretrained();
}
