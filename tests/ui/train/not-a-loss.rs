use layerwise::{Adam, ReLU, SVector, Trainer, network};

network! {
    struct Net = Linear(2, 8) -> ReLU -> Linear(_, 3);
}

fn main() {
    let mut trainer = Trainer::new(Net::new(), Adam::new(1e-3), ReLU);
    trainer.step(&[SVector::zeros()], &[SVector::from([1.0])]);
    //      ^^^^ `ReLU` is no loss | such as `MSELoss::new()`
}
