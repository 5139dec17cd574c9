use layerwise::{Parameters, SVector};

#[derive(Clone, Parameters)]
struct Scale {
    factor: SVector<f32, 5>,
    eps: f32,
    //   ^^^ `f32` is neither a tensor | `#[parameters(constant = …)]`
}

fn main() {}
