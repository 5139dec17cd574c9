use layerwise::{SVector, network};

network! { struct Amp = Stream(1) -> GRU(1, 8) -> Linear(8, 1); }

fn main() {
    let y = Amp::new().forward(&SVector::from([1.0]));
    //                 ^^^^^^^ `Amp` begins with `Stream`: it remembers what came before, and has no `forward`
    println!("{}", y[0]);
    let mut outputs = [SVector::zeros()];
    Amp::new().forward_batch(&[SVector::from([1.0])], &mut outputs);
    //         ^^^^^^^^^^^^^ `Amp` begins with `Stream`
}
