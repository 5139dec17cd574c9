use layerwise::network;

const N: usize = 2;

network! {
    struct Net = Linear(3, 4) -> [[Linear(5, 5) -> ReLU; 3]; 2] -> Linear(5, N);
    //                                    ^ takes 5 inputs | gives 4
}

fn main() {}
