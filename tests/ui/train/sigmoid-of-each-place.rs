use layerwise::{Adam, BCEWithLogitsLoss, Image, SVector, Trainer, network};

network! {
    struct Mask = Input(1, 2, 2) -> Conv2d(1, 1, 1) -> [Sigmoid; 2] -> Flatten;
}

fn main() {
    let mut trainer = Trainer::new(Mask::new(), Adam::new(1e-3), BCEWithLogitsLoss::new());
    trainer.step(&[Image::from_pixels(&[0.0; 4])], &[SVector::zeros()]);
    //      ^^^^ ends in `Sigmoid` | takes the sigmoid of its outputs itself | leave `Sigmoid` out
}
