use layerwise::network;

network! {
    struct Net = Linear(10, 5, bais = false);
    //                         ^^^^ no option `bais` | write `bias`
}

fn main() {}
