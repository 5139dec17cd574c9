use layerwise::network;

network! {
    pub Net = Linear(10, 5);
    //  ^^^ expected `struct`
}

fn main() {}
