use layerwise::network;

network! {
    Net = Linear(10, 5);
//  ^^^ expected `struct`
}

fn main() {}
