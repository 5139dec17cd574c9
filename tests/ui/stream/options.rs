use layerwise::network;

network! {
    struct Net = Stream(1)
        -> GRU(1, 8, num_layers = 0)
        //                        ^ `num_layers` is a whole number from 1 to 8, not `0`
        -> LSTM(8, 8, layers = 2)
        //            ^^^^^^ `LSTM` has no option `layers`
        -> RNN(8, 8, nonlinearity = "sigmoid");
    //                              ^^^^^^^^^ `"tanh"` or `"relu"`
}

fn main() {
    let _ = NetState::new();
}
