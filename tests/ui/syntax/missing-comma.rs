use layerwise::network;

network! {
    struct Net = Linear(10 5);
    //                     ^ `,`
}

fn main() {}
