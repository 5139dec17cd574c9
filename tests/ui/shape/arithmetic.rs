use layerwise::network;

const N: usize = 4;

network! {
    struct Net = Linear(10, 2 * N) -> ReLU -> Linear(2 * N + 1, 1);
    //                                               ^^^^^^^^^ `Linear(2 * N + 1, 1)` takes 9 inputs | `Linear(10, 2 * N)` before it gives 8
}

fn main() {}
