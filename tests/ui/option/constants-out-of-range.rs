use layerwise::network;

const HALF: f64 = 0.5;

network! {
    struct Dropped = Linear(10, 5) -> Dropout(p = 3.0 * HALF) -> Linear(_, 1);
    //                                            ^^^^^^^^^^ `p` is a number from 0 to 1 | which `3.0 * HALF` is not
    struct Bent = Linear(10, 5) -> CELU(HALF - 0.5) -> Linear(_, 1);
    //                                  ^^^^^^^^^^ `alpha` is a number other than 0
    struct Negative = Linear(10, 5) -> Dropout(p = -HALF) -> Linear(_, 1);
    //                                             ^^^^^ `p` is a number from 0 to 1
    struct Endless = Linear(10, 5) -> Softshrink(f64::INFINITY) -> Linear(_, 1);
}

fn main() {}
