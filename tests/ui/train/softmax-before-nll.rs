use layerwise::{Adam, NLLLoss, SVector, Trainer, network};

network! {
    struct Net = Linear(2, 8) -> ReLU -> Linear(_, 3) -> Softmax;
}

fn main() {
    let mut trainer = Trainer::new(Net::new(), Adam::new(1e-3), NLLLoss::new());
    trainer.step(&[SVector::zeros()], &[2]);
    //      ^^^^ ends in `Softmax` | takes logarithms of probabilities | write `LogSoftmax`
}
