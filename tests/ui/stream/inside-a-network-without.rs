use layerwise::{SVector, network};

network! {
    struct Amp = Stream(1) -> GRU(1, 8) -> Linear(8, 1);
    struct Net = Linear(4, 1) -> amp: Amp -> Linear(1, 2);
    //                                ^^^ `Amp` remembers what came before | `Stream(n)`
    struct First = Amp -> Linear(1, 2);
    //             ^^^ `Amp` remembers what came before | `Stream(n)`
    struct Fine = Stream(4) -> Linear(4, 1) -> Amp -> Linear(1, 2);
}

fn main() {
    let _ = Net::new().forward(&SVector::from([1.0; 4]));
    let _ = Fine::new().step(&mut FineState::new(), &SVector::from([1.0; 4]));
}
