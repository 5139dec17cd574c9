use layerwise::network;

network! {
    struct Net = Linear(1, 4) -> body: (Stream(4) -> GRU(4, 8)) -> Linear(8, 1);
    //                                  ^^^^^^^^^ first in the whole network
}

fn main() {
    let mut state = NetState::new();
    state.reset();
}
