use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Norm;
    //                            ^^^^ cannot find type `Norm`
}

fn main() {}
