use layerwise::{SVector, network};

network! {
    struct Net = Linear(10, 5) -> ReLU;
}

fn main() {
    let x = SVector::<f32, 9>::zeros();
    let _ = Net::new().forward(&x);
    //                         ^^ mismatched types
}
