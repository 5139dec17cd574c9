use layerwise::network;

network! {
    struct Net = Input(5) -> Residual(Linear(_, 5), Linear(_, 5)) -> Linear(_, 1);
    //                       ^^^^^^^^ `Residual` takes one chain
}

fn main() {}
