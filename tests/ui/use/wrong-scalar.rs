use layerwise::{SVector, network};

network! {
    #[network(scalar = f64)]
    struct Net = Linear(2, 1) -> ReLU;
}

fn main() {
    let _ = Net::new().forward(&SVector::from([1.0_f32, 2.0]));
    //                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mismatched types
}
