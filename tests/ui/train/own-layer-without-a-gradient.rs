use layerwise::{Adam, Layer, MSELoss, Parameters, SVector, Trainer, network};

#[derive(Clone, Parameters)]
struct Scale {
    factor: SVector<f32, 5>,
}

impl Layer<SVector<f32, 5>> for Scale {
    type Output = SVector<f32, 5>;
    fn forward(&self, x: &SVector<f32, 5>) -> SVector<f32, 5> {
        x.component_mul(&self.factor)
    }
}

network! {
    struct Net = Linear(10, 5) -> Scale -> Linear(_, 1);
}

fn main() {
    let mut trainer = Trainer::new(Net::new(), Adam::new(1e-3), MSELoss::new());
    trainer.step(&[SVector::zeros()], &[SVector::from([1.0])]);
    //      ^^^^ `Scale` has no gradient | help: write `impl Backward<SVector<f32, N>> for Scale`
}
