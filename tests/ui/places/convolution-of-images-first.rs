use layerwise::network;

network! {
    struct Net = Conv2d(1, 2, 3) -> ReLU;
    //           ^^^^^^ nothing says what images reach
}

fn main() {}
