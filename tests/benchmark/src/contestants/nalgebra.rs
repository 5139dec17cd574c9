//! What one writes with nalgebra alone.

use nalgebra::{SMatrix, SVector};

use super::vectors::{self, Network};
use super::{Mode, Prepared};
use crate::models::{self, Model};

struct Linear<const I: usize, const O: usize> {
    weight: SMatrix<f32, O, I>,
    bias: SVector<f32, O>,
}

impl<const I: usize, const O: usize> Linear<I, O> {
    fn new(layer: &models::Layer) -> Self {
        Self {
            weight: SMatrix::from_row_slice(&layer.weight),
            bias: SVector::from_column_slice(&layer.bias),
        }
    }

    fn forward(&self, x: &SVector<f32, I>) -> SVector<f32, O> {
        self.weight * x + self.bias
    }
}

fn relu(x: f32) -> f32 {
    x.max(0.0)
}

fn elu(x: f32) -> f32 {
    if x > 0.0 { x } else { x.exp_m1() }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn softmax<const N: usize>(x: &SVector<f32, N>) -> SVector<f32, N> {
    let max = x.max();
    let e = x.map(|x| (x - max).exp());
    e / e.sum()
}

struct Seed(Linear<10, 5>, Linear<5, 1>);
struct SeedSoftmax(Linear<10, 5>, Linear<5, 3>);
struct Mnist(Linear<784, 128>, Linear<128, 64>, Linear<64, 10>);
struct Policy(Linear<17, 256>, Linear<256, 256>, Linear<256, 6>);
struct Mid(Linear<64, 64>, Linear<64, 64>, Linear<64, 1>);
struct Actor(
    Linear<48, 512>,
    Linear<512, 256>,
    Linear<256, 128>,
    Linear<128, 12>,
);
struct Gated(Linear<64, 64>, Linear<64, 64>, Linear<64, 8>);

impl Network<10, 1> for Seed {
    fn forward(&self, x: &SVector<f32, 10>) -> SVector<f32, 1> {
        let h = self.0.forward(x).map(relu);
        self.1.forward(&h)
    }
}

impl Network<10, 3> for SeedSoftmax {
    fn forward(&self, x: &SVector<f32, 10>) -> SVector<f32, 3> {
        let h = self.0.forward(x);
        softmax(&self.1.forward(&h))
    }
}

impl Network<784, 10> for Mnist {
    fn forward(&self, x: &SVector<f32, 784>) -> SVector<f32, 10> {
        let h = self.0.forward(x).map(relu);
        let k = self.1.forward(&h).map(relu);
        softmax(&self.2.forward(&k))
    }
}

impl Network<17, 6> for Policy {
    fn forward(&self, x: &SVector<f32, 17>) -> SVector<f32, 6> {
        let h = self.0.forward(x).map(f32::tanh);
        let k = self.1.forward(&h).map(f32::tanh);
        self.2.forward(&k)
    }
}

impl Network<64, 1> for Mid {
    fn forward(&self, x: &SVector<f32, 64>) -> SVector<f32, 1> {
        let h = self.0.forward(x).map(sigmoid);
        let k = self.1.forward(&h).map(sigmoid);
        self.2.forward(&k)
    }
}

impl Network<48, 12> for Actor {
    fn forward(&self, x: &SVector<f32, 48>) -> SVector<f32, 12> {
        let h = self.0.forward(x).map(elu);
        let k = self.1.forward(&h).map(elu);
        let l = self.2.forward(&k).map(elu);
        self.3.forward(&l)
    }
}

impl Network<64, 8> for Gated {
    fn forward(&self, x: &SVector<f32, 64>) -> SVector<f32, 8> {
        let gate = self.0.forward(x).map(sigmoid);
        let value = self.1.forward(x).map(f32::tanh);
        self.2.forward(&gate.component_mul(&value))
    }
}

pub fn prepare(model: &Model, mode: Mode) -> Prepared {
    macro_rules! runner {
        ($Net:ident($($layer:ident),*)) => {
            vectors::runner(Box::new($Net($(Linear::new($layer)),*)), model, mode)
        };
    }
    let layers: Vec<_> = model.layers().collect();
    Ok(Some(match (model.name, &layers[..]) {
        ("seed", [a, b]) => runner!(Seed(a, b)),
        ("seed_softmax", [a, b]) => runner!(SeedSoftmax(a, b)),
        ("mnist", [a, b, c]) => runner!(Mnist(a, b, c)),
        ("policy", [a, b, c]) => runner!(Policy(a, b, c)),
        ("mid", [a, b, c]) => runner!(Mid(a, b, c)),
        ("actor", [a, b, c, d]) => runner!(Actor(a, b, c, d)),
        ("gated", [a, b, c]) => runner!(Gated(a, b, c)),
        _ => return Ok(None),
    }))
}
