use layerwise::network;

network! {
    struct Net = Linear(2, 3) -> [Linear(4, 3) -> ReLU; 2] -> Linear(3, 1);
    //                                   ^ takes 4 inputs | gives 3
}

fn main() {}
