use layerwise::{Layer, Parameters, SVector, network};

#[derive(Clone, Parameters)]
struct Twice;

impl Layer<SVector<f32, 5>> for Twice {
    type Output = SVector<f32, 5>;
    fn forward(&self, x: &SVector<f32, 5>) -> SVector<f32, 5> {
        x * 2.0
    }
}

network! {
    struct Net = Twice -> Linear(5, 1);
    //           ^^^^^ how many inputs reach `Twice`
}

fn main() {
    let _ = Net::new().forward(&SVector::<f32, 5>::zeros());
}
