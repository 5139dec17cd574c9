//! [burn](https://burn.dev) on its CPU backend `flex`, with its SIMD, without threads.

use std::hint::black_box;

use burn::module::Param;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor, TensorData, activation};

use super::{Mode, Prepared, Runner};
use crate::models::{Activation, Layer, Model};

struct Burn {
    network: Vec<(Linear, Activation)>,
    x: Tensor<2>,
    y: Tensor<2>,
}

fn linear(layer: &Layer, device: &Device) -> Linear {
    let (inputs, outputs) = (layer.inputs, layer.outputs);
    // burn keeps the transpose of PyTorch's weight.
    let weight = (0..inputs)
        .flat_map(|i| (0..outputs).map(move |o| layer.weight[o * inputs + i]))
        .collect::<Vec<_>>();
    let mut linear = LinearConfig::new(inputs, outputs).init(device);
    linear.weight = Param::from_data(TensorData::new(weight, [inputs, outputs]), device);
    linear.bias = Some(Param::from_data(
        TensorData::new(layer.bias.clone(), [outputs]),
        device,
    ));
    linear
}

fn forward(network: &[(Linear, Activation)], x: Tensor<2>) -> Tensor<2> {
    network.iter().fold(x, |x, (linear, after)| {
        let y = linear.forward(x);
        match after {
            Activation::None => y,
            Activation::Relu => activation::relu(y),
            Activation::Sigmoid => activation::sigmoid(y),
            Activation::Softmax => activation::softmax(y, 1),
            Activation::Tanh => activation::tanh(y),
        }
    })
}

#[expect(clippy::unnecessary_wraps, reason = "one signature for all")]
pub fn prepare(model: &Model, mode: Mode) -> Prepared {
    if mode == Mode::Dependent {
        return Ok(None);
    }
    let device = Device::flex();
    let network: Vec<_> = model
        .layers
        .iter()
        .map(|layer| (linear(layer, &device), layer.activation))
        .collect();
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
