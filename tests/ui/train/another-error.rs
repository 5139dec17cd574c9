use layerwise::{MSELoss, SGD, SVector, Trainer, network};

network! {
    struct Net = Linear(10, 5) ReLU -> Linear(5, 1);
    //                         ^^^^ expected `->` and a layer
}

fn main() {
    let mut trainer = Trainer::new(Net::new(), SGD::new(0.1), MSELoss::new());
    trainer.step(&[SVector::zeros()], &[SVector::from([1.0])]);
}
