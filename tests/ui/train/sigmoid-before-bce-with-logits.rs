use layerwise::{Adam, BCEWithLogitsLoss, SVector, Trainer, network};

network! {
    struct Net = Linear(2, 8) -> ReLU -> Linear(_, 1) -> Sigmoid;
}

fn main() {
    let mut trainer = Trainer::new(Net::new(), Adam::new(1e-3), BCEWithLogitsLoss::new());
    trainer.step(&[SVector::zeros()], &[SVector::from([1.0])]);
    //      ^^^^ ends in `Sigmoid` | takes the sigmoid of its outputs itself | leave `Sigmoid` out
}
