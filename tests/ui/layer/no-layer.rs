use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> String;
    //                            ^^^^^^ `String` is no layer
}

fn main() {}
