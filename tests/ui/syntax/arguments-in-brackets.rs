use layerwise::network;

network! {
    struct Net = Linear[10, 5] -> ReLU;
    //                 ^ arguments in parentheses, as in `Linear(10, 5)`
}

fn main() {}
