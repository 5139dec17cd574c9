//! The models, and the one generator that everybody's weights and inputs come from.

use std::f64::consts::FRAC_1_SQRT_2;
use std::slice;

use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, TensorView};

/// What follows a linear layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    None,
    Elu,
    Gelu,
    Relu,
    Sigmoid,
    Softmax,
    Tanh,
}

/// A linear layer with what follows it.
pub struct Layer {
    /// Its place in PyTorch's names.
    key: String,
    pub inputs: usize,
    pub outputs: usize,
    /// `outputs` rows of `inputs` numbers, one row after the other, as PyTorch keeps them.
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
    pub activation: Activation,
}

/// A layer normalisation.
pub struct Norm {
    key: String,
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

impl Norm {
    pub const EPS: f64 = 1e-5;
}

pub enum Stage {
    Layer(Layer),
    /// `x` plus what the layers make of it, normalised.
    Residual(Norm, [Layer; 2]),
    /// The product of what both make of `x`.
    Gate([Layer; 2]),
}

pub struct Model {
    pub name: &'static str,
    pub stages: Vec<Stage>,
}

/// The models of the table.
pub fn all() -> Vec<Model> {
    use Activation::{Elu, None, Relu, Sigmoid, Softmax, Tanh};
    vec![
        Model::new("seed", 10, &[(5, Relu), (1, None)]),
        Model::new("seed_softmax", 10, &[(5, None), (3, Softmax)]),
        Model::new("mnist", 784, &[(128, Relu), (64, Relu), (10, Softmax)]),
        Model::new("policy", 17, &[(256, Tanh), (256, Tanh), (6, None)]),
        Model::new("mid", 64, &[(64, Sigmoid), (64, Sigmoid), (1, None)]),
        Model::new(
            "actor",
            48,
            &[(512, Elu), (256, Elu), (128, Elu), (12, None)],
        ),
        Model::residual(),
        Model::gated(),
    ]
}

/// Single layers, large enough that a batch should come near the processor's peak.
pub fn layers() -> Vec<Model> {
    vec![
        Model::new("64x64", 64, &[(64, Activation::Relu)]),
        Model::new("256x256", 256, &[(256, Activation::Relu)]),
        Model::new("784x128", 784, &[(128, Activation::Relu)]),
    ]
}

impl Model {
    /// Layers one after the other.
    pub fn new(name: &'static str, mut inputs: usize, sizes: &[(usize, Activation)]) -> Self {
        let mut random = Random(12345);
        let mut place = 0;
        let layers = sizes.iter().map(|&(outputs, activation)| {
            let layer = random.layer(place.to_string(), [inputs, outputs], activation);
            place += 1 + usize::from(activation != Activation::None);
            inputs = outputs;
            Stage::Layer(layer)
        });
        let stages = layers.collect();
        Self { name, stages }
    }

    /// `[Residual(LayerNorm(64) -> Linear(64, 64) -> GELU -> Linear(64, 64)); 4]`
    fn residual() -> Self {
        let mut random = Random(12345);
        let stages = (0..4).map(|k| {
            let norm = Norm {
                key: format!("0.{k}.0"),
                weight: random.numbers(64, 0.5).map(|x| 1.0 + x).collect(),
                bias: random.numbers(64, 0.5).collect(),
            };
            let first = random.layer(format!("0.{k}.1"), [64, 64], Activation::Gelu);
            let second = random.layer(format!("0.{k}.3"), [64, 64], Activation::None);
            Stage::Residual(norm, [first, second])
        });
        let stages = stages.collect();
        Self {
            name: "residual",
            stages,
        }
    }

    /// `Multiply(Linear(64, 64) -> Sigmoid, Linear(64, 64) -> Tanh) -> Linear(64, 8)`
    fn gated() -> Self {
        let mut random = Random(12345);
        let gate = random.layer("0.0.0".into(), [64, 64], Activation::Sigmoid);
        let value = random.layer("0.1.0".into(), [64, 64], Activation::Tanh);
        let last = random.layer("1".into(), [64, 8], Activation::None);
        Self {
            name: "gated",
            stages: vec![Stage::Gate([gate, value]), Stage::Layer(last)],
        }
    }

    /// The layers, if they are all that there is.
    #[cfg(feature = "tract")]
    pub fn chain(&self) -> Option<Vec<&Layer>> {
        let stages = self.stages.iter();
        stages
            .map(|stage| match stage {
                Stage::Layer(layer) => Some(layer),
                _ => None,
            })
            .collect()
    }

    /// All linear layers.
    pub fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.stages.iter().flat_map(|stage| match stage {
            Stage::Layer(layer) => slice::from_ref(layer),
            Stage::Residual(_, layers) | Stage::Gate(layers) => layers,
        })
    }

    pub fn inputs(&self) -> usize {
        self.layers().next().map_or(0, |layer| layer.inputs)
    }

    pub fn outputs(&self) -> usize {
        self.layers().last().map_or(0, |layer| layer.outputs)
    }

    /// Multiplications and additions for one sample, those of the biases left out.
    pub fn operations(&self) -> usize {
        self.layers().map(|l| 2 * l.inputs * l.outputs).sum()
    }

    /// `count` inputs, one sample after the other, in ±1.
    pub fn samples(&self, count: usize) -> Vec<f32> {
        Random(777).numbers(count * self.inputs(), 1.0).collect()
    }

    /// Keys and shapes of all tensors, in the order of the stages.
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let mut tensors = Vec::new();
        for stage in &self.stages {
            let layers = match stage {
                Stage::Residual(norm, layers) => {
                    let shape = vec![norm.weight.len()];
                    tensors.push((
                        format!("{}.weight", norm.key),
                        shape.clone(),
                        &norm.weight[..],
                    ));
                    tensors.push((format!("{}.bias", norm.key), shape, &norm.bias[..]));
                    &layers[..]
                }
                Stage::Gate(layers) => layers,
                Stage::Layer(layer) => slice::from_ref(layer),
            };
            for layer in layers {
                let (weight, bias) = (vec![layer.outputs, layer.inputs], vec![layer.outputs]);
                tensors.push((format!("{}.weight", layer.key), weight, &layer.weight[..]));
                tensors.push((format!("{}.bias", layer.key), bias, &layer.bias[..]));
            }
        }
        tensors
    }

    /// Weight and bias of each layer, one after the other.
    pub fn parameters(&self) -> Vec<f32> {
        let tensors = self.tensors();
        tensors
            .iter()
            .flat_map(|(_, _, values)| *values)
            .copied()
            .collect()
    }

    /// The weights as a file, named as PyTorch would.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, SafeTensorError> {
        safetensors(self.tensors())
    }

    /// The outputs for `inputs`, in f64 and by the formulas: what every answer is compared with.
    pub fn reference(&self, inputs: &[f32]) -> Vec<f64> {
        inputs
            .chunks_exact(self.inputs())
            .flat_map(|sample| {
                let sample: Vec<f64> = sample.iter().map(|&x| f64::from(x)).collect();
                self.stages
                    .iter()
                    .fold(sample, |x, stage| stage.reference(&x))
            })
            .collect()
    }
}

impl Stage {
    fn reference(&self, x: &[f64]) -> Vec<f64> {
        match self {
            Self::Layer(layer) => layer.reference(x),
            Self::Residual(norm, [first, second]) => {
                let y = second.reference(&first.reference(&norm.reference(x)));
                x.iter().zip(y).map(|(x, y)| x + y).collect()
            }
            Self::Gate([gate, value]) => {
                let products = gate.reference(x).into_iter().zip(value.reference(x));
                products.map(|(x, y)| x * y).collect()
            }
        }
    }
}

impl Norm {
    fn reference(&self, x: &[f64]) -> Vec<f64> {
        let n = x.len() as f64;
        let mean = x.iter().sum::<f64>() / n;
        let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        let root = (variance + Self::EPS).sqrt();
        let parameters = self.weight.iter().zip(&self.bias);
        let y = x.iter().zip(parameters);
        y.map(|(x, (&w, &b))| (x - mean) / root * f64::from(w) + f64::from(b))
            .collect()
    }
}

impl Layer {
    fn reference(&self, x: &[f64]) -> Vec<f64> {
        let rows = self.weight.chunks_exact(self.inputs);
        let y = rows.zip(&self.bias).map(|(row, &bias)| {
            let products = row.iter().zip(x).map(|(&w, x)| f64::from(w) * x);
            f64::from(bias) + products.sum::<f64>()
        });
        match self.activation {
            Activation::None => y.collect(),
            Activation::Elu => y.map(|y| if y > 0.0 { y } else { y.exp_m1() }).collect(),
            Activation::Gelu => y
                .map(|y| y / 2.0 * libm::erfc(-y * FRAC_1_SQRT_2))
                .collect(),
            Activation::Relu => y.map(|y| y.max(0.0)).collect(),
            Activation::Sigmoid => y.map(|y| 1.0 / (1.0 + (-y).exp())).collect(),
            Activation::Tanh => y.map(f64::tanh).collect(),
            Activation::Softmax => {
                let e: Vec<f64> = y.map(f64::exp).collect();
                let sum: f64 = e.iter().sum();
                e.into_iter().map(|e| e / sum).collect()
            }
        }
    }
}

/// A tensor of a weight file: key, shape and numbers.
pub type Tensor<'a> = (String, Vec<usize>, &'a [f32]);

/// A weight file of these.
pub fn safetensors(tensors: Vec<Tensor<'_>>) -> Result<Vec<u8>, SafeTensorError> {
    let bytes = tensors.into_iter().map(|(key, shape, numbers)| {
        let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        (key, shape, bytes)
    });
    let tensors: Vec<_> = bytes.collect();
    let views = tensors
        .iter()
        .map(|(key, shape, bytes)| Ok((key, TensorView::new(Dtype::F32, shape.clone(), bytes)?)));
    safetensors::serialize(views.collect::<Result<Vec<_>, SafeTensorError>>()?, None)
}

/// SplitMix64 (Steele, Lea, Flood, 2014), for numbers in ±1.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn numbers(&mut self, count: usize, scale: f32) -> impl Iterator<Item = f32> {
        (0..count).map(move |_| scale * self.next())
    }

    /// Parameters are uniform in ±1/√inputs, PyTorch's default.
    fn layer(
        &mut self,
        key: String,
        [inputs, outputs]: [usize; 2],
        activation: Activation,
    ) -> Layer {
        let scale = 1.0 / (inputs as f32).sqrt();
        Layer {
            key,
            inputs,
            outputs,
            weight: self.numbers(inputs * outputs, scale).collect(),
            bias: self.numbers(outputs, scale).collect(),
            activation,
        }
    }

    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}
