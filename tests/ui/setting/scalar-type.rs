use layerwise::network;

network! {
    #[network(scalar = f16)]
    //                 ^^^ `f32` or `f64`
    struct Net = Linear(10, 5);
}

fn main() {}
