use layerwise::network;

network! {
    struct Net = Linear(10, 5, bias = 0);
    //                                ^ `true` or `false` | `0`
}

fn main() {}
