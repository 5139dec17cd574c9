use layerwise::{CrossEntropyLoss, SGD, SVector, Trainer, network};

network! {
    struct Net = Linear(2, 8) -> ReLU -> head: (Linear(_, 3) -> Softmax(dim = 1));
}

fn main() {
    let mut trainer = Trainer::new(Net::new(), SGD::new(0.1), CrossEntropyLoss::new());
    let (loss, _) = trainer.gradient(&[SVector::zeros()], &[2]);
    //                      ^^^^^^^^ ends in `Softmax` | takes the softmax of its outputs itself | leave `Softmax` out
    println!("{loss}");
}
