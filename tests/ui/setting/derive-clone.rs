use layerwise::network;

network! {
    #[derive(Clone)]
    //       ^^^^^ `Clone` is there already
    struct Net = Linear(10, 5);
}

fn main() {}
