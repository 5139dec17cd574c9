use layerwise::{Adam, CrossEntropyLoss, SVector, Trainer, network};

network! {
    struct Net = Linear(2, 8) -> ReLU -> Linear(_, 3) -> Softmax;
}

fn main() {
    let mut trainer = Trainer::new(Net::new(), Adam::new(1e-3), CrossEntropyLoss::new());
    trainer.step(&[SVector::zeros()], &[2]);
    //      ^^^^ ends in `Softmax` | takes the softmax of its outputs itself | leave `Softmax` out
}
