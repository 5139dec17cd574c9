use layerwise::{Parameters, SVector, network};

#[derive(Clone, Parameters)]
struct Scale {
    factor: SVector<f32, 5>,
}

struct Nothing;

network! {
    struct Net = Stream(5) -> GRU(5, 5) -> Scale -> Linear(5, 1);
    //                                     ^^^^^ `Scale` does not take 5 inputs of f32
    struct Other = Stream(5) -> Nothing;
    //                          ^^^^^^^ or `Recurrent` if it remembers
}

fn main() {
    let _ = Net::new().step(&mut NetState::default(), &SVector::from([1.0; 5]));
}
