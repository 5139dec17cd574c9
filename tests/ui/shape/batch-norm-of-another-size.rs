use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> BatchNorm1d(6) -> Linear(_, 1);
    //                                        ^ `BatchNorm1d(6)` takes 6 inputs, but `Linear(10, 5)` before it gives 5 | write `BatchNorm1d(5)`
}

fn main() {}
