use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> [Linear(5, 5); _];
    //                                           ^ how many copies there are is a number
}

fn main() {}
