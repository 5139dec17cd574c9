use layerwise::network;

network! {
    struct Net = Input(5) -> Residul(Linear(_, 5) -> ReLU) -> Linear(_, 1);
    //                       ^^^^^^^ `Residul` is no layer | write `Residual`
}

fn main() {}
