//! A layer of one's own: a struct with a derive, and one trait.
//!
//! `cargo run --release --example custom_layer`

use layerwise::{Layer, Parameters, SVector, network};

/// Root-mean-square normalisation (Zhang and Sennrich, 2019), as `torch.nn.RMSNorm`:
/// `weight · x / √(mean(x²) + eps)`.
#[derive(Clone, Parameters)]
pub struct RmsNorm<const N: usize> {
    /// The gain of each feature.
    #[parameters(init = 1.0)]
    pub weight: SVector<f32, N>,
    /// Keeps the division finite.
    #[parameters(constant = f32::EPSILON)]
    pub eps: f32,
}

impl<const N: usize> Layer<SVector<f32, N>> for RmsNorm<N> {
    type Output = SVector<f32, N>;

    fn forward(&self, x: &SVector<f32, N>) -> SVector<f32, N> {
        let mean_square = x.component_mul(x).mean();
        self.weight.component_mul(x) / (mean_square + self.eps).sqrt()
    }
}

const WIDTH: usize = 16;

network! {
    /// Three normalised layers between two plain ones.
    pub struct Net = Linear(8, WIDTH)
        -> body: ([RmsNorm<WIDTH> -> Linear(WIDTH, WIDTH) -> Tanh; 3] -> norm: RmsNorm<WIDTH>)
        -> head: Linear(_, 2);
}

fn main() {
    let net = Net::new();
    println!("{net:?}\n");
    let y = net.forward(&SVector::from_fn(|i, _| i as f32 / 8.0));
    println!("{:?}", y.as_slice());
}
