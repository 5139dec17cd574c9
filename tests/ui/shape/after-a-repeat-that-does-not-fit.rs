use layerwise::network;

network! {
    struct Net = [Linear(3, 4) -> ReLU; 3] -> Linear(4, 2);
    //                      ^ takes 3 inputs | gives 4
}

fn main() {}
