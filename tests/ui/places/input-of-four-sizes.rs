use layerwise::network;

network! {
    struct Net = Input(1, 2, 3, 4) -> Flatten;
    //           ^^^^^^^^^^^^^^^^^ takes the sizes
}

fn main() {}
