use layerwise::{Layer, Parameters, SVector, network};

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
    struct Net = Linear(10, 4) -> Scale -> Linear(5, 1);
    //                            ^^^^^ `Scale` does not take 4 inputs of f32 | `Linear(10, 4)` before it gives
}

fn main() {}
