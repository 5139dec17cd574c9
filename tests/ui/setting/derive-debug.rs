use layerwise::network;

network! {
    #[derive(PartialEq, Debug)]
    //                  ^^^^^ `Debug` is there already
    struct Net = Linear(10, 5);
}

fn main() {}
