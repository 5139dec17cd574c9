use layerwise::{SVector, network};

network! {
    [network(scalar = f64)]
//  ^ expected `struct`
    struct Net = Linear(2, 1);
}

fn main() {
    let _: SVector<f64, 1> = Net::new().forward(&SVector::from([1.0, 2.0]));
}
