use layerwise::{Layer, Parameters, SVector, network};

#[derive(Clone, Parameters)]
struct Scale;

impl Layer<SVector<f32, 5>> for Scale {
    type Output = SVector<f32, 7>;
    fn forward(&self, x: &SVector<f32, 5>) -> SVector<f32, 7> {
        x.fixed_resize(0.0)
    }
}

network! {
    struct Net = Linear(3, 4) -> Scale;
    //                           ^^^^^ `Scale` does not take 4 inputs of f32
}

fn main() {
    let _: SVector<f32, 7> = Net::new().forward(&SVector::zeros());
}
