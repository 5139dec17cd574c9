use layerwise::network;

network! {
    struct Window = Input(3, 20) -> Conv2d(3, 8, 3);
    //                              ^^^^^^^^^^^^^^^ takes images | write `Conv1d(…)`
    struct Image = Input(3, 20, 20) -> Conv1d(3, 8, 3);
    //                                 ^^^^^^^^^^^^^^^ takes windows | write `Conv2d(…)`
    struct Pool = Input(3, 20, 20) -> AdaptiveAvgPool1d(1);
    //                                ^^^^^^^^^^^^^^^^^^^^ takes windows | write `AdaptiveAvgPool2d(…)`
    struct Vector = Linear(20, 5) -> BatchNorm2d(5);
    //                               ^^^^^^^^^^^^^^ takes images | write `BatchNorm1d(…)`
    struct Features = Input(1, 8) -> Conv1d(1, 4, 3) -> ReLU;
    struct Network = Features -> MaxPool2d(2);
    //                           ^^^^^^^^^^^^ takes images | write `MaxPool1d(…)`
}

fn main() {}
