use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Linear(2 * _, 1);
    //                                       ^ can't be a part
}

fn main() {}
