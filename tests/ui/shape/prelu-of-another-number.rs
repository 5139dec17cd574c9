use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> PReLU(3) -> Linear(5, 1);
    //                                  ^ `PReLU(3)` has 3 parameters, but `Linear(10, 5)` before it gives 5 | write `PReLU(5)` or `PReLU(_)`
}

fn main() {}
