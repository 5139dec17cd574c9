use layerwise::{Parameters, SVector};

#[derive(Parameters)]
struct Scale {
//     ^^^^^ `Scale: Clone` is not satisfied
    factor: SVector<f32, 5>,
}

fn main() {}
