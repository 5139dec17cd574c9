use layerwise::network;

network! {
    struct fn = Linear(10, 5);
    //     ^^ identifier
}

fn main() {}
