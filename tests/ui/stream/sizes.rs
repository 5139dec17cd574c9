use layerwise::{SVector, network};

const UNITS: usize = 8;

network! {
    struct Enters = Stream(2) -> GRU(1, 8) -> Linear(8, 1);
    //                               ^ `GRU(1, 8)` takes 1 input, but `Stream(2)` before it gives 2
    struct Leaves = Stream(1) -> LSTM(1, 8) -> Linear(7, 1);
    //                                                ^ takes 7 inputs, but `LSTM(1, 8)` before it gives 8
    struct Constant = Stream(1) -> RNN(1, UNITS) -> Conv1d(UNITS + 1, 1, 3);
    //                                                     ^^^^^^^^^ takes 9 inputs, but `RNN(1, UNITS)` before it gives 8
    struct Skip = Stream(1) -> Residual(GRU(1, 8));
    //                                         ^ `Residual` adds what enters, which is 1
    struct Copies = Stream(1) -> [GRU(1, 2); 2];
    //                                   ^ each copy in `[GRU(1, 2); 2]` takes 1 input
}

fn main() {
    let _ = Skip::new().step(&mut SkipState::new(), &SVector::from([1.0]));
    let _ = Copies::new().step(&mut CopiesState::new(), &SVector::from([1.0]));
}
