use layerwise::{SVector, network};

network! {
    struct Net = Linear(10, 5) -> ReLU;
}

fn main() {
    let _: SVector<f32, 4> = Net::new().forward(&SVector::zeros());
    //                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mismatched types
}
