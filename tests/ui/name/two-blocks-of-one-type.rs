use layerwise::network;

network! {
    struct Net = fc_1: (Linear(2, 2)) -> fc1: (Linear(2, 2));
    //                                   ^^^ `NetFc1` | another name
}

fn main() {}
