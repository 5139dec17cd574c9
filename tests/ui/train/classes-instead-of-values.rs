use layerwise::{Adam, MSELoss, SVector, Trainer, network};

network! {
    struct Net = Linear(2, 8) -> ReLU -> Linear(_, 3);
}

fn main() {
    let mut trainer = Trainer::new(Net::new(), Adam::new(1e-3), MSELoss::new());
    trainer.step(&[SVector::zeros()], &[2_usize]);
    //                                  ^^^^^^^ mismatched types
}
