use layerwise::network;

const N: usize = 4;

network! {
    struct Net = Linear(10, N - 5) -> ReLU -> Linear(_, 2);
    //                      ^^^^^ overflow
}

fn main() {}
