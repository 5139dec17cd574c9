use layerwise::network;

network! {
    struct Net = Input(1, 9) -> Conv1d(1, 4, 4, dilation = 3, padding = 0);
    //                                       ^ leaves nothing
}

fn main() {}
