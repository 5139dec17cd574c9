use layerwise::{Parameters, SVector, network};

#[derive(Clone, Parameters)]
struct Scale {
    factor: SVector<f32, 5>,
}

network! {
    struct Net = Linear(10, 5) -> Scale;
    //                            ^^^^^ `Scale` does not take 5 inputs
}

fn main() {}
