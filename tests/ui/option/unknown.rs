use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> ReLU(inplace = true);
    //                                 ^^^^^^^ no option `inplace` | it has none
}

fn main() {}
