use layerwise::network;

network! {
    #[network(scalar)]
    //        ^^^^^^ write `scalar = f64`
    struct Net = Linear(10, 5);
}

fn main() {}
