use layerwise::network;

network! {
    struct Net = a: Linear(10, 5) -> a: Linear(5, 3) -> Linear(3, 1);
    //                               ^ `a` is already the name
}

fn main() {}
