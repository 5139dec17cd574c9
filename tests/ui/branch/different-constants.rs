use layerwise::network;

const N: usize = 4;

network! {
    struct Net = Input(5) -> Multiply(Linear(_, N), Linear(_, N + 1)) -> Linear(_, 1);
    //                                                        ^^^^^ `Linear(_, N + 1)` at the end of a branch of `Multiply` gives 5 | the first branch gives 4
}

fn main() {
    let _ = Net::new().forward(&layerwise::SVector::zeros());
}
