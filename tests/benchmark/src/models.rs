//! The five models, and the one generator that everybody's weights and inputs come from.

use safetensors::tensor::{Dtype, TensorView};

/// What follows a linear layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    None,
    Relu,
    Sigmoid,
    Softmax,
    Tanh,
}

/// A linear layer with what follows it.
pub struct Layer {
    pub inputs: usize,
    pub outputs: usize,
    /// `outputs` rows of `inputs` numbers, one row after the other, as PyTorch keeps them.
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
    pub activation: Activation,
}

pub struct Model {
    pub name: &'static str,
    pub layers: Vec<Layer>,
}

/// The five models of the table.
pub fn all() -> Vec<Model> {
    use Activation::{None, Relu, Sigmoid, Softmax, Tanh};
    vec![
        Model::new("seed", 10, &[(5, Relu), (1, None)]),
        Model::new("seed_softmax", 10, &[(5, None), (3, Softmax)]),
        Model::new("mnist", 784, &[(128, Relu), (64, Relu), (10, Softmax)]),
        Model::new("policy", 17, &[(256, Tanh), (256, Tanh), (6, None)]),
        Model::new("mid", 64, &[(64, Sigmoid), (64, Sigmoid), (1, None)]),
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
    /// Parameters are uniform in ±1/√inputs, PyTorch's default.
    fn new(name: &'static str, mut inputs: usize, sizes: &[(usize, Activation)]) -> Self {
        let mut random = Random(12345);
        let layers = sizes
            .iter()
            .map(|&(outputs, activation)| {
                let scale = 1.0 / (inputs as f32).sqrt();
                let mut draw = |count| (0..count).map(|_| scale * random.next()).collect();
                let layer = Layer {
                    inputs,
                    outputs,
                    weight: draw(inputs * outputs),
                    bias: draw(outputs),
                    activation,
                };
                inputs = outputs;
                layer
            })
            .collect();
        Self { name, layers }
    }

    pub fn inputs(&self) -> usize {
        self.layers[0].inputs
    }

    pub fn outputs(&self) -> usize {
        self.layers[self.layers.len() - 1].outputs
    }

    /// Multiplications and additions for one sample, those of the biases left out.
    pub fn operations(&self) -> usize {
        self.layers.iter().map(|l| 2 * l.inputs * l.outputs).sum()
    }

    /// `count` inputs, one sample after the other, in ±1.
    pub fn samples(&self, count: usize) -> Vec<f32> {
        let mut random = Random(777);
        (0..count * self.inputs()).map(|_| random.next()).collect()
    }

    /// Weight and bias of each layer, one after the other.
    #[cfg(feature = "cpp")]
    pub fn parameters(&self) -> Vec<f32> {
        let tensors = self.layers.iter().flat_map(|l| [&l.weight, &l.bias]);
        tensors.flatten().copied().collect()
    }

    /// The weights as a file, named as those of `torch.nn.Sequential`.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, safetensors::SafeTensorError> {
        let mut stage = 0;
        let mut tensors = Vec::new();
        for layer in &self.layers {
            let weight = (vec![layer.outputs, layer.inputs], &layer.weight);
            let bias = (vec![layer.outputs], &layer.bias);
            for (name, (shape, values)) in [("weight", weight), ("bias", bias)] {
                let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
                tensors.push((format!("{stage}.{name}"), shape, bytes));
            }
            stage += 1 + usize::from(layer.activation != Activation::None);
        }
        let views: Vec<_> = tensors
            .iter()
            .map(|(name, shape, bytes)| {
                Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytes)?))
            })
            .collect::<Result<_, safetensors::SafeTensorError>>()?;
        safetensors::serialize(views, None)
    }

    /// The outputs for `inputs`, in f64 and by the formulas: what every answer is compared with.
    pub fn reference(&self, inputs: &[f32]) -> Vec<f64> {
        inputs
            .chunks_exact(self.inputs())
            .flat_map(|sample| {
                let sample: Vec<f64> = sample.iter().map(|&x| f64::from(x)).collect();
                self.layers
                    .iter()
                    .fold(sample, |x, layer| layer.reference(&x))
            })
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

/// SplitMix64 (Steele, Lea, Flood, 2014), for numbers in ±1.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}
