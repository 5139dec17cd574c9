use layerwise::network;

network! {
    struct Net = _: Linear(10, 5);
    //           ^ `_` is no name
}

fn main() {}
