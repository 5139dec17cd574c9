use layerwise::network;

network! {
    struct Net = Input(5) -> Residual -> Linear(_, 1);
    //                       ^^^^^^^^ `Residual` has chains | write `Residual(Linear(8, 8) -> ReLU)`
}

fn main() {}
