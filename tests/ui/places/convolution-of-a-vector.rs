use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Conv1d(5, 2, 3);
    //                            ^^^^^^^^^^^^^^^ takes windows
}

fn main() {}
