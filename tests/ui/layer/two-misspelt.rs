use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Relu -> Linear(5, 3) -> SoftMax;
    //                            ^^^^ write `ReLU`
    //                                                    ^^^^^^^ write `Softmax`
}

fn main() {}
