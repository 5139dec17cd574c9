use layerwise::network;

network! {
    struct Net = layerwise::Linear(10, 5);
    //           ^^^^^^^^^^^^^^^^^ without a path | write `Linear`
}

fn main() {}
