use layerwise::network;

const N: usize = 4;

network! {
    struct Net = Linear(10, 8) -> [Linear(8, N) -> ReLU; 3] -> Linear(8, 1);
    //                                       ^ takes 8 inputs | `Linear(8, N)` at its end gives 4 | write `Linear(8, 8)`
}

fn main() {}
