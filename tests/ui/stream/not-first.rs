use layerwise::{SVector, network};

network! {
    struct Net = GRU(1, 8) -> Stream(8) -> Linear(8, 1);
    //                        ^^^^^^^^^ can only stand first
}

fn main() {
    let mut state = NetState::default();
    let _ = Net::new().step(&mut state, &SVector::from([1.0]));
    state.reset();
}
