use layerwise::network;

const HIDDEN: usize = 5;

network! {
    struct Net = Linear(10, HIDDEN) -> PReLU(num_parameters = HIDDEN + 1) -> Linear(_, 1);
    //                                                        ^^^^^^^^^^ has 6 parameters, but `Linear(10, HIDDEN)` before it gives 5 | write `PReLU(5)` or `PReLU(_)`
}

fn main() {
    let _ = Net::new();
}
