use layerwise::network;

network! {
    #[network(scalar = f64, scalar = f32)]
    //                      ^^^^^^ given twice
    struct Net = Linear(10, 5);
}

fn main() {}
