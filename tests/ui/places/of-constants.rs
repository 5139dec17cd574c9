use layerwise::network;

const SIZE: usize = 4;

network! {
    struct Kernel = Input(1, SIZE, SIZE) -> Conv2d(1, 2, SIZE + 1);
    //                                                   ^^^^^^^^ leaves nothing
    struct Channels = Input(SIZE, 9) -> Conv1d(3, 2, 3);
    //                                         ^ takes 3 channels
}

fn main() {}
