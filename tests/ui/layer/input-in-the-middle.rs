use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Input(5) -> ReLU;
    //                            ^^^^^^^^ only stand first
}

fn main() {}
