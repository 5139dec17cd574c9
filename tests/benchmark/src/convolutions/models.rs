//! The networks, with weights and inputs from the generator that all models' come from.

use safetensors::SafeTensorError;

use crate::models::{self, Random, Tensor};

/// Channels, height and width; of a vector the last two are 1.
pub type Shape = [usize; 3];

pub enum Layer {
    Conv(Conv),
    Linear(Linear),
    Relu,
    Relu6,
    /// The largest of each two by two.
    MaxPool,
    /// The mean of each channel.
    Mean,
    Flatten,
    Softmax,
}

/// A convolution, with its weight in PyTorch's order.
pub struct Conv {
    pub inputs: usize,
    pub outputs: usize,
    pub kernel: [usize; 2],
    pub stride: usize,
    pub padding: [usize; 2],
    pub groups: usize,
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

pub struct Linear {
    pub inputs: usize,
    pub outputs: usize,
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

pub struct Network {
    pub name: &'static str,
    pub input: Shape,
    pub output: Shape,
    pub layers: Vec<Layer>,
}

pub fn all() -> Vec<Network> {
    vec![lenet(), mobilenet(), ds_cnn()]
}

fn lenet() -> Network {
    let mut random = Random::new(12345);
    let random = &mut random;
    Network {
        name: "lenet",
        input: [1, 28, 28],
        output: [10, 1, 1],
        layers: vec![
            Conv::new(random, [1, 6], [5, 5]).padding([2, 2]).layer(),
            Layer::Relu,
            Layer::MaxPool,
            Conv::new(random, [6, 16], [5, 5]).layer(),
            Layer::Relu,
            Layer::MaxPool,
            Layer::Flatten,
            linear(random, [400, 120]),
            Layer::Relu,
            linear(random, [120, 84]),
            Layer::Relu,
            linear(random, [84, 10]),
        ],
    }
}

fn mobilenet() -> Network {
    let mut random = Random::new(12345);
    Network {
        name: "mobilenet",
        input: [32, 16, 16],
        output: [32, 16, 16],
        layers: separable(&mut random, 32, || Layer::Relu6),
    }
}

fn ds_cnn() -> Network {
    let mut random = Random::new(12345);
    let random = &mut random;
    let first = Conv::new(random, [1, 64], [10, 4]);
    let mut layers = vec![first.stride(2).padding([5, 1]).layer(), Layer::Relu];
    for _ in 0..4 {
        layers.extend(separable(random, 64, || Layer::Relu));
    }
    let last = linear(random, [64, 12]);
    layers.extend([Layer::Mean, Layer::Flatten, last, Layer::Softmax]);
    Network {
        name: "ds_cnn",
        input: [1, 49, 10],
        output: [12, 1, 1],
        layers,
    }
}

/// A depthwise convolution of 3×3 and one of 1×1, an activation behind each.
fn separable(random: &mut Random, channels: usize, activation: fn() -> Layer) -> Vec<Layer> {
    let depthwise = Conv::grouped(random, [channels, channels], [3, 3], channels);
    vec![
        depthwise.padding([1, 1]).layer(),
        activation(),
        Conv::new(random, [channels, channels], [1, 1]).layer(),
        activation(),
    ]
}

fn linear(random: &mut Random, [inputs, outputs]: [usize; 2]) -> Layer {
    let [weight, bias] = parameters(random, inputs, outputs);
    Layer::Linear(Linear {
        inputs,
        outputs,
        weight,
        bias,
    })
}

/// Uniform in ±1/√inputs, PyTorch's default, where each output has so many inputs.
fn parameters(random: &mut Random, inputs: usize, outputs: usize) -> [Vec<f32>; 2] {
    let scale = 1.0 / (inputs as f32).sqrt();
    [inputs * outputs, outputs].map(|count| random.numbers(count, scale).collect())
}

impl Conv {
    fn new(random: &mut Random, channels: [usize; 2], kernel: [usize; 2]) -> Self {
        Self::grouped(random, channels, kernel, 1)
    }

    fn grouped(
        random: &mut Random,
        [inputs, outputs]: [usize; 2],
        kernel: [usize; 2],
        groups: usize,
    ) -> Self {
        let taps = inputs / groups * kernel[0] * kernel[1];
        let [weight, bias] = parameters(random, taps, outputs);
        Self {
            inputs,
            outputs,
            kernel,
            stride: 1,
            padding: [0, 0],
            groups,
            weight,
            bias,
        }
    }

    fn padding(self, padding: [usize; 2]) -> Self {
        Self { padding, ..self }
    }

    fn stride(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    fn layer(self) -> Layer {
        Layer::Conv(self)
    }

    /// The dimensions of the weight.
    pub fn shape(&self) -> [usize; 4] {
        let [height, width] = self.kernel;
        [self.outputs, self.inputs / self.groups, height, width]
    }
}

impl Network {
    /// `count` inputs in PyTorch's order, one sample after the other, in ±1.
    pub fn samples(&self, count: usize) -> Vec<f32> {
        let numbers = count * len(self.input);
        Random::new(777).numbers(numbers, 1.0).collect()
    }

    /// Keys as PyTorch's, shapes and numbers of all tensors.
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let mut tensors = Vec::new();
        for (place, layer) in self.layers.iter().enumerate() {
            let (shape, weight, bias) = match layer {
                Layer::Conv(conv) => (conv.shape().to_vec(), &conv.weight, &conv.bias),
                Layer::Linear(linear) => (
                    vec![linear.outputs, linear.inputs],
                    &linear.weight,
                    &linear.bias,
                ),
                _ => continue,
            };
            tensors.push((format!("{place}.weight"), shape, &weight[..]));
            tensors.push((format!("{place}.bias"), vec![bias.len()], &bias[..]));
        }
        tensors
    }

    /// The numbers of all tensors, one after the other.
    pub fn parameters(&self) -> Vec<f32> {
        let tensors = self.tensors().into_iter();
        tensors
            .flat_map(|(_, _, numbers)| numbers)
            .copied()
            .collect()
    }

    /// The weights as a file, named as PyTorch would.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, SafeTensorError> {
        models::safetensors(self.tensors())
    }
}

/// How many numbers a value of a shape has.
pub fn len(shape: Shape) -> usize {
    shape.iter().product()
}

/// Samples of `shape` in PyTorch's order, channel by channel, with those of a pixel beside one another.
pub fn to_pixels(planes: &[f32], shape: Shape) -> Vec<f32> {
    transposed(planes, [shape[0], shape[1] * shape[2]])
}

/// The way back.
pub fn to_planes(pixels: &[f32], shape: Shape) -> Vec<f32> {
    transposed(pixels, [shape[1] * shape[2], shape[0]])
}

/// Each sample of so many rows and columns, its columns one after the other.
fn transposed(numbers: &[f32], [rows, columns]: [usize; 2]) -> Vec<f32> {
    let samples = numbers.chunks_exact(rows * columns);
    samples
        .flat_map(|sample| {
            let column = move |column| (0..rows).map(move |row| sample[row * columns + column]);
            (0..columns).flat_map(column)
        })
        .collect()
}
