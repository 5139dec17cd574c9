use layerwise::network;

network! {
    struct Net = Linear(10, 5);
    struct Net = Linear(3, 2);
    //     ^^^ two networks | `Net`
}

fn main() {}
