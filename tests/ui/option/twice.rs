use layerwise::network;

network! {
    struct Net = Linear(10, 5, bias = true, bias = false);
    //                                      ^^^^ `bias` is given twice
}

fn main() {}
