//! [burn](https://burn.dev) on its CPU backend `flex`, with its SIMD, without threads.

use std::hint::black_box;

use burn::module::Param;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{AdaptiveAvgPool2d, AdaptiveAvgPool2dConfig, MaxPool2d, MaxPool2dConfig};
use burn::nn::{Linear, PaddingConfig2d};
use burn::tensor::{Device, Tensor, TensorData, activation};

use super::models::{Conv, Layer, Network};
use crate::contestants::{Mode, Prepared, Runner, burn::linear};

/// A layer in burn's modules.
enum Module {
    Conv(Conv2d),
    Linear(Linear),
    Relu,
    Relu6,
    MaxPool(MaxPool2d),
    Mean(AdaptiveAvgPool2d),
    Flatten,
    Softmax,
}

#[derive(Clone)]
enum Value {
    Images(Tensor<4>),
    Vectors(Tensor<2>),
}

struct Burn {
    network: Vec<Module>,
    x: Value,
    y: Value,
}

fn convolution(conv: &Conv, device: &Device) -> Conv2d {
    let [vertical, horizontal] = conv.padding;
    let config = Conv2dConfig::new([conv.inputs, conv.outputs], conv.kernel)
        .with_stride([conv.stride; 2])
        .with_padding(PaddingConfig2d::Explicit(
            vertical, horizontal, vertical, horizontal,
        ))
        .with_groups(conv.groups);
    let mut made = config.init(device);
    let weight = TensorData::new(conv.weight.clone(), conv.shape());
    made.weight = Param::from_data(weight, device);
    let bias = TensorData::new(conv.bias.clone(), [conv.outputs]);
    made.bias = Some(Param::from_data(bias, device));
    made
}

fn module(layer: &Layer, device: &Device) -> Module {
    match layer {
        Layer::Conv(conv) => Module::Conv(convolution(conv, device)),
        Layer::Linear(layer) => {
            let sizes = [layer.inputs, layer.outputs];
            Module::Linear(linear(sizes, &layer.weight, &layer.bias, device))
        }
        Layer::Relu => Module::Relu,
        Layer::Relu6 => Module::Relu6,
        Layer::MaxPool => {
            let config = MaxPool2dConfig::new([2, 2]).with_strides([2, 2]);
            Module::MaxPool(config.init())
        }
        Layer::Mean => Module::Mean(AdaptiveAvgPool2dConfig::new([1, 1]).init()),
        Layer::Flatten => Module::Flatten,
        Layer::Softmax => Module::Softmax,
    }
}

fn forward(network: &[Module], x: Value) -> Value {
    network.iter().fold(x, |x, module| match x {
        Value::Images(x) => on_images(module, x),
        Value::Vectors(x) => Value::Vectors(on_vectors(module, x)),
    })
}

fn on_images(module: &Module, x: Tensor<4>) -> Value {
    Value::Images(match module {
        Module::Conv(conv) => conv.forward(x),
        Module::Relu => activation::relu(x),
        Module::Relu6 => x.clamp(0.0, 6.0),
        Module::MaxPool(pool) => pool.forward(x),
        Module::Mean(pool) => pool.forward(x),
        Module::Flatten => return Value::Vectors(x.flatten(1, 3)),
        Module::Linear(_) | Module::Softmax => unreachable!("they are behind Flatten"),
    })
}

fn on_vectors(module: &Module, x: Tensor<2>) -> Tensor<2> {
    match module {
        Module::Linear(linear) => linear.forward(x),
        Module::Relu => activation::relu(x),
        Module::Softmax => activation::softmax(x, 1),
        _ => unreachable!("they are before Flatten"),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "one signature for all")]
pub fn prepare(model: &Network, mode: Mode) -> Prepared {
    let device = Device::flex();
    let layers = model.layers.iter();
    let network: Vec<_> = layers.map(|layer| module(layer, &device)).collect();
    let n = mode.samples();
    let [channels, height, width] = model.input;
    let x = TensorData::new(model.samples(n), [n, channels, height, width]);
    let x = Value::Images(Tensor::from_data(x, &device));
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
        let y = match self.y.clone() {
            Value::Images(y) => y.into_data(),
            Value::Vectors(y) => y.into_data(),
        };
        y.iter::<f32>().collect()
    }
}
