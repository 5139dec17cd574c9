use layerwise::network;

network! {
    struct Net = Linear(10, 5, false) -> ReLU;
    //                         ^^^^^ options by their names | write `Linear(10, 5, bias = false)`
}

fn main() {}
