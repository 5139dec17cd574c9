use layerwise::network;

network! {
    struct Net = x: Input(5) -> ReLU;
    //           ^ has no name
}

fn main() {}
