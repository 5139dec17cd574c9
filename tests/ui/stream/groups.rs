use layerwise::network;

const FOUR: usize = 4;

network! {
    struct Net = Stream(4) -> Conv1d(4, 6, 3, groups = 3);
    //                                                 ^ has 4 inputs, which can't be divided into 3 groups
    struct Constant = Stream(4) -> Conv1d(4, FOUR + 1, 3, groups = 2);
    //                                                             ^ has 5 outputs, which can't be divided into 2 groups
}

fn main() {
    let _ = (NetState::new(), ConstantState::new());
}
