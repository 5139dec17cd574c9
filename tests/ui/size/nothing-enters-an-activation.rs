use layerwise::network;

network! {
    struct Net = ReLU -> Linear(5, 1);
    //           ^^^^ how many inputs reach `ReLU` | `Input(n) -> ReLU`
}

fn main() {}
