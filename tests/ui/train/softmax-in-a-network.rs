use layerwise::{Adam, CrossEntropyLoss, SVector, Trainer, network};

mod parts {
    layerwise::network! {
        pub struct Head = Linear(8, 3) -> Softmax -> Dropout(p = 0.1);
    }
}

network! {
    struct Net = Linear(2, 8) -> ReLU -> parts::Head -> Identity;
}

fn main() {
    let mut trainer = Trainer::new(Net::new(), Adam::new(1e-3), CrossEntropyLoss::new());
    trainer.step(&[SVector::zeros()], &[2]);
    //      ^^^^ ends in `Softmax` | takes the softmax of its outputs itself | leave `Softmax` out
}
