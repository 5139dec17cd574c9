use layerwise::network;

const N: usize = 4;

network! {
    struct First = Linear(10, 5) -> Linear(6, 1);
    //                                     ^ takes 6 inputs
    struct Second = Linear(3, N) -> Linear(2, 1);
    //                                     ^ takes 2 inputs | gives 4
}

fn main() {}
