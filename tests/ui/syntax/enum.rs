use layerwise::network;

network! {
    enum Net = Linear(10, 5);
//  ^^^^ expected `struct`
}

fn main() {}
