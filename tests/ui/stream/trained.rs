use std::ops::ControlFlow;

use layerwise::{Fit, MSELoss, SGD, SVector, Trainer, network};

network! { struct Amp = Stream(1) -> GRU(1, 8) -> Linear(8, 1); }

fn main() {
    let mut trainer = Trainer::new(Amp::new(), SGD::new(0.1), MSELoss::new()).clip_grad_norm(1.0);
    //                             ^^^^^^^^^^ `Amp` can't be trained
    let x = [SVector::from([1.0])];
    let loss = trainer.step(&x, &x);
    trainer.fit(&x, &x, &Fit::new(), |trainer, _| {
        println!("{loss}, {}", trainer.evaluate(&x, &x));
        ControlFlow::Continue(())
    });
    let amp = trainer.into_model();
    let _ = amp.step(&mut AmpState::new(), &x[0]);
}
