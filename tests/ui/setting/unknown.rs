use layerwise::network;

network! {
    #[network(scaler = f64)]
    //        ^^^^^^ `scaler` | write `scalar`
    struct Net = Linear(10, 5);
}

fn main() {}
