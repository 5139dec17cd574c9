use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Relu -> Linear(_, 1);
    //                            ^^^^ `Relu` | write `ReLU` | `self::Relu`
}

fn main() {}
