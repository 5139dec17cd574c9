use layerwise::network;

network! {
    struct Features = Input(1, 8, 8) -> Conv2d(1, 4, 3) -> ReLU;
    struct Head = Linear(16, 2);
    struct Flat = Features -> Linear(_, 2);
    //                        ^^^^^^^^^^^^ takes a vector
    struct Straight = Features -> Head;
    //                            ^^^^ takes 16 inputs
    struct Soft = Features -> Softmax;
    //                        ^^^^^^^ goes by the last dimension
}

fn main() {}
