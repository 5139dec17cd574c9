use layerwise::network;

network! {
    struct Enters = Input(1048576, 1048576, 1048576) -> Flatten -> Linear(_, 1);
    //              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ is too large
    struct Leaves = Input(1, 1024, 1024) -> Conv2d(1, 1048576, 1) -> Flatten -> Linear(_, 1);
    //                                      ^^^^^^^^^^^^^^^^^^^^^ is too large
    struct Weight = Input(1024, 32, 32) -> Conv2d(1024, 1048576, 3) -> Flatten -> Linear(_, 1);
    //                                     ^^^^^^^^^^^^^^^^^^^^^^^^ is too large
}

fn main() {}
