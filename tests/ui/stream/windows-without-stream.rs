use layerwise::{SVector, network};

network! {
    struct Net = Input(3, 20) -> gru: GRU(3, 8) -> fc: Linear(8, 1);
    //                                ^^^ remembers what came before
}

fn main() {
    let net = Net::new();
    let mut state = NetState::default();
    net.step(&mut state, &SVector::from([1.0, 2.0, 3.0]));
}
