use layerwise::network;

const HIDDEN: usize = 4;

network! {
    struct Net = Linear(10, HIDEN) -> ReLU -> Linear(HIDDEN, 2);
    //                      ^^^^^ cannot find value `HIDEN`
}

fn main() {}
