use layerwise::network;

network! {
    struct Net = Input(5) -> Concat(Linear(_, 4)) -> Linear(_, 1);
    //                       ^^^^^^ `Concat` puts branches together, of which there are two at least
}

fn main() {}
