use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Linear(1, 2);
    //                                   ^ takes 1 input, | gives 5
}

fn main() {}
