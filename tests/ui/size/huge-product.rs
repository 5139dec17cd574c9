use layerwise::network;

network! {
    struct Net = Linear(4000000000, 4000000000) -> ReLU;
    //           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ too large
}

fn main() {}
