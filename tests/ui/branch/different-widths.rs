use layerwise::network;

network! {
    struct Net = Input(5) -> Add(Linear(_, 4) -> ReLU, Linear(_, 3)) -> Linear(_, 1);
    //                                                           ^ `Linear(_, 3)` at the end of a branch of `Add` gives 3 | the first branch gives 4 by `Linear(_, 4)`
}

fn main() {
    let _ = Net::new().forward(&layerwise::SVector::zeros());
}
