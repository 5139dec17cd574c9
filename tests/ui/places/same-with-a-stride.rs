use layerwise::network;

network! {
    struct Net = Input(1, 8) -> Conv1d(1, 2, 3, stride = 2, padding = "same");
    //                                                                ^^^^^^ with a stride
}

fn main() {}
