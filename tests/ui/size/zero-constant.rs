use layerwise::network;

const N: usize = 5;

network! {
    struct Net = Linear(10, N - 5) -> ReLU;
    //                      ^^^^^ at least 1 | `N - 5` is 0
}

fn main() {}
