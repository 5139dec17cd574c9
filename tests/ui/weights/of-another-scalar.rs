use layerwise::{Layer, Parameters, SVector, network};

#[derive(Clone, Parameters)]
struct Scale {
    weight: SVector<f64, 1>,
    bias: SVector<f32, 1>,
}

impl Layer<SVector<f32, 2>> for Scale {
    type Output = SVector<f32, 1>;
    fn forward(&self, x: &SVector<f32, 2>) -> SVector<f32, 1> {
        SVector::from([x.sum() * self.weight[0] as f32]) + self.bias
    }
}

network! {
    #[network(weights = "scale.safetensors")]
    struct Net = fc1: Linear(3, 2) -> fc2: Scale;
    //                                ^^^^^^^^^^ `fc2.weight` is f64 in the network, whose own scalar is f32
}

fn main() {
    let _ = Net::pretrained();
}
