use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Sigmiod;
    //                            ^^^^^^^ write `Sigmoid`
}

fn main() {}
