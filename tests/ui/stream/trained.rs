use layerwise::{MSELoss, SGD, Trainer, network};

network! { struct Amp = Stream(1) -> GRU(1, 8) -> Linear(8, 1); }

fn main() {
    let _ = Trainer::new(Amp::new(), SGD::new(0.1), MSELoss::new());
    //                   ^^^^^^^^^^ `Amp` is no network that answers each input by itself
}
