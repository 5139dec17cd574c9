use layerwise::network;

network! {
    struct Net = String -> Linear(10, 5);
    //           ^^^^^^ `String` is no layer
}

fn main() {}
