use layerwise::{Layer, Parameters, SVector, network};

#[derive(Clone, Parameters)]
struct Scale<const N: usize> {
    factor: SVector<f32, N>,
}

impl<const N: usize> Layer<SVector<f32, N>> for Scale<N> {
    type Output = SVector<f32, N>;
    fn forward(&self, x: &SVector<f32, N>) -> SVector<f32, N> {
        x.component_mul(&self.factor)
    }
}

network! {
    struct Net = Linear(10, 4) -> ReLU -> Scale<5> -> Linear(5, 1);
    //                                    ^^^^^^^^ `Scale<5>` does not take 4 inputs of f32 | `Linear(10, 4)` before it gives
}

fn main() {}
