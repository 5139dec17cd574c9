use layerwise::network;

network! {
    struct Net = Linear(5, 4) -> Threshold(0.1) -> Linear(_, 1);
    //                           ^^^^^^^^^^^^^^ `Threshold(0.1)` is not complete | `Threshold(threshold, value)`
}

fn main() {}
