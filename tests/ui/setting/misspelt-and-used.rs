use layerwise::{SVector, network};

network! {
    #[network(scalr = f64)]
    //        ^^^^^ write `scalar`
    struct Net = Linear(2, 1);
}

fn main() {
    let _: SVector<f64, 1> = Net::new().forward(&SVector::from([1.0, 2.0]));
}
