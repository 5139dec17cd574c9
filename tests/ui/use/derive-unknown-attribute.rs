use layerwise::{Parameters, SVector};

#[derive(Clone, Parameters)]
struct Scale {
    #[parameters(inti = 1.0)]
    //           ^^^^ `init = …`
    factor: SVector<f32, 5>,
}

fn main() {}
