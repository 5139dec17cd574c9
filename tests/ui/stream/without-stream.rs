use layerwise::{SVector, network};

network! {
    struct Net = GRU(1, 8) -> LSTM(8, 4) -> body: (Conv1d(4, 4, 3) -> Linear(4, 1));
    //           ^^^ `GRU` remembers what came before | begin the whole chain with `Stream(n)`
}

fn main() {
    let net = Net::new();
    let mut state = NetState::default();
    let x = SVector::from([1.0]);
    let mut y = net.step(&mut state, &x);
    net.steps(&mut state, &[x], &mut [y]);
    y = net.forward(&x);
    println!("{y}");
}
