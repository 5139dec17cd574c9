use layerwise::{SVector, network};

network! { struct Amp = Stream(1) -> GRU(1, 8) -> Linear(8, 1); }

fn main() {
    let _ = Amp::new().forward(&SVector::from([1.0]));
    //                 ^^^^^^^ no method named `forward` found for struct `Amp`
}
