use layerwise::network;

network! {
    struct Net = Linear(4, 16) -> Residual(Linear(16, 32) -> ReLU) -> Linear(16, 2);
    //                                                ^^ `Residual` adds what enters
    struct Image = Input(3, 8, 8) -> Residual(Conv2d(3, 3, 3) -> BatchNorm2d(_) -> ReLU) -> Flatten -> Linear(192, 2);
    //                                        ^^^^^^^^^^^^^^^ `Residual` adds what enters
}

fn main() {}
