use layerwise::network;

const NONE: usize = 0;
const TWO: usize = 2;

network! {
    struct Stride = Input(1, 8, 8) -> Conv2d(1, 2, 3, stride = (1, NONE)) -> Flatten -> Linear(_, 2);
    //                                                             ^^^^ `stride` must be at least 1
    struct Groups = Input(3, 9) -> Conv1d(3, 5, 3, groups = TWO);
    //                                                      ^^^ can't be divided into 2 groups
    struct Without = Input(3, 9) -> Conv1d(3, 4, 3, groups = NONE);
    //                                                       ^^^^ `groups` must be at least 1
    struct Padding = Input(1, 8, 8) -> MaxPool2d((TWO, 3), padding = (TWO, 2));
    //                                                               ^^^^^^^^ at most half
    struct Dilation = Input(1, 4) -> Conv1d(1, 1, 3, dilation = TWO);
    //                                            ^ leaves nothing
    struct Part = Input(1, 9) -> Conv1d(1, 1, 3, stride = _ + 1);
    //                                                    ^ `_` stands for the whole size
    struct Norm = Input(3, 9) -> GroupNorm(TWO, 3);
    //                                     ^^^ can't be divided into 2 groups
}

fn main() {}
