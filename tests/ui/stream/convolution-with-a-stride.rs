use layerwise::network;

network! {
    struct Net = Stream(1) -> Conv1d(1, 2, 3, stride = 2);
    //                                                 ^ has no `stride`
}

fn main() {}
