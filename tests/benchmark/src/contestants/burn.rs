//! [burn](https://burn.dev) on its CPU backend `flex`, with its SIMD, without threads.

use std::hint::black_box;

use burn::module::Param;
use burn::nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor, TensorData, activation};

use super::{Mode, Prepared, Runner};
use crate::models::{Activation, Layer, Model, Norm, Stage};

/// A stage in burn's modules.
enum Module {
    Layer(Part),
    Residual(LayerNorm, [Part; 2]),
    Gate([Part; 2]),
}

/// A linear layer with what follows it.
struct Part(Linear, Activation);

struct Burn {
    network: Vec<Module>,
    x: Tensor<2>,
    y: Tensor<2>,
}

/// A linear layer of PyTorch's weight, whose transpose burn keeps.
pub fn linear(
    [inputs, outputs]: [usize; 2],
    weight: &[f32],
    bias: &[f32],
    device: &Device,
) -> Linear {
    let transpose = (0..inputs)
        .flat_map(|i| (0..outputs).map(move |o| weight[o * inputs + i]))
        .collect::<Vec<_>>();
    let mut linear = LinearConfig::new(inputs, outputs).init(device);
    linear.weight = Param::from_data(TensorData::new(transpose, [inputs, outputs]), device);
    let bias = TensorData::new(bias.to_vec(), [outputs]);
    linear.bias = Some(Param::from_data(bias, device));
    linear
}

fn module(stage: &Stage, device: &Device) -> Module {
    let part = |layer: &Layer| {
        let sizes = [layer.inputs, layer.outputs];
        let linear = linear(sizes, &layer.weight, &layer.bias, device);
        Part(linear, layer.activation)
    };
    match stage {
        Stage::Layer(layer) => Module::Layer(part(layer)),
        Stage::Residual(norm, layers) => {
            let n = norm.weight.len();
            let numbers = |numbers: &Vec<f32>| {
                Param::from_data(TensorData::new(numbers.clone(), [n]), device)
            };
            let config = LayerNormConfig::new(n).with_epsilon(Norm::EPS);
            let mut made = config.init(device);
            made.gamma = numbers(&norm.weight);
            made.beta = Some(numbers(&norm.bias));
            Module::Residual(made, layers.each_ref().map(part))
        }
        Stage::Gate(layers) => Module::Gate(layers.each_ref().map(part)),
    }
}

fn forward(network: &[Module], x: Tensor<2>) -> Tensor<2> {
    network.iter().fold(x, |x, module| match module {
        Module::Layer(layer) => layer.forward(x),
        Module::Residual(norm, [first, second]) => {
            let y = norm.forward(x.clone());
            x + second.forward(first.forward(y))
        }
        Module::Gate([gate, value]) => gate.forward(x.clone()) * value.forward(x),
    })
}

impl Part {
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let y = self.0.forward(x);
        match self.1 {
            Activation::None => y,
            Activation::Elu => activation::elu(y, 1.0),
            Activation::Gelu => activation::gelu(y),
            Activation::Relu => activation::relu(y),
            Activation::Sigmoid => activation::sigmoid(y),
            Activation::Softmax => activation::softmax(y, 1),
            Activation::Tanh => activation::tanh(y),
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "one signature for all")]
pub fn prepare(model: &Model, mode: Mode) -> Prepared {
    if mode == Mode::Dependent {
        return Ok(None);
    }
    let device = Device::flex();
    let stages = model.stages.iter();
    let network: Vec<_> = stages.map(|stage| module(stage, &device)).collect();
    let n = mode.samples();
    let x = Tensor::from_data(
        TensorData::new(model.samples(n), [n, model.inputs()]),
        &device,
    );
    let y = forward(&network, x.clone());
    Ok(Some(Box::new(Burn { network, x, y })))
}

impl Runner for Burn {
    fn run(&mut self, calls: u64) {
        for _ in 0..calls {
            self.y = black_box(forward(black_box(&self.network), black_box(self.x.clone())));
        }
    }

    fn outputs(&self) -> Vec<f32> {
        self.y.clone().into_data().iter::<f32>().collect()
    }
}
