use layerwise::{Layer, Parameters, SVector, network};

#[derive(Clone, Parameters)]
struct Twice;

impl<const N: usize> Layer<SVector<f32, N>> for Twice {
    type Output = SVector<f32, N>;
    fn forward(&self, x: &SVector<f32, N>) -> SVector<f32, N> {
        x * 2.0
    }
}

network! {
    struct Net = Twice -> Linear(5, 1);
    //           ^^^^^ how many inputs reach `Twice` | `Input(n) -> Twice`
}

fn main() {}
