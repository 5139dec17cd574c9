use layerwise::{SVector, network};

const TWO: usize = 2;

network! {
    struct Net = Stream(1) -> Add(GRU(1, 2), LSTM(1, 3));
    //                                               ^ gives 3, but the first branch gives 2
    struct Constant = Stream(1) -> Multiply(GRU(1, TWO), LSTM(1, 3));
    //                                                           ^ gives 3, but the first branch gives 2
}

fn main() {
    let _ = Net::new().step(&mut NetState::new(), &SVector::from([1.0]));
    let _ = Constant::new().step(&mut ConstantState::new(), &SVector::from([1.0]));
}
