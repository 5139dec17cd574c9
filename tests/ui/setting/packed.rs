use layerwise::network;

network! {
    #[repr(packed)]
    //     ^^^^^^ tensors are not aligned in a packed struct | leave `packed` out
    struct Net = Linear(10, 5) -> ReLU;
}

fn main() {}
