//! [candle](https://github.com/huggingface/candle).

use candle_core::{Device, Result, Tensor};
use candle_nn::{Conv2d, Conv2dConfig, Linear, Sequential, ops, seq};

use super::models::{self, Conv, Layer, Network};
use crate::contestants::{Mode, Prepared, candle};

pub fn prepare(model: &Network, mode: Mode) -> Prepared {
    let [channels, height, width] = model.input;
    let n = mode.samples();
    let shape = (n, channels, height, width);
    let x = Tensor::from_vec(model.samples(n), shape, &Device::Cpu)?;
    candle::runner(model.layers.iter().try_fold(seq(), with)?, x)
}

/// The network with one more layer.
fn with(network: Sequential, layer: &Layer) -> Result<Sequential> {
    Ok(match layer {
        Layer::Conv(conv) => convolution(network, conv)?,
        Layer::Linear(models::Linear {
            inputs,
            outputs,
            weight,
            bias,
        }) => {
            let weight = Tensor::from_slice(weight, (*outputs, *inputs), &Device::Cpu)?;
            let bias = Tensor::from_slice(bias, *outputs, &Device::Cpu)?;
            network.add(Linear::new(weight, Some(bias)))
        }
        Layer::Relu => network.add_fn(Tensor::relu),
        Layer::Relu6 => network.add_fn(|x| x.clamp(0f32, 6f32)),
        Layer::MaxPool => network.add_fn(|x| x.max_pool2d(2)),
        Layer::Mean => network.add_fn(|x| x.mean((2, 3))),
        Layer::Flatten => network.add_fn(|x| x.flatten_from(1)),
        Layer::Softmax => network.add_fn(ops::softmax_last_dim),
    })
}

fn convolution(network: Sequential, conv: &Conv) -> Result<Sequential> {
    let weight = Tensor::from_slice(&conv.weight, &conv.shape(), &Device::Cpu)?;
    let bias = Tensor::from_slice(&conv.bias, conv.outputs, &Device::Cpu)?;
    let [vertical, horizontal] = conv.padding;
    let config = Conv2dConfig {
        padding: if vertical == horizontal { vertical } else { 0 },
        stride: conv.stride,
        groups: conv.groups,
        ..Conv2dConfig::default()
    };
    // It takes one padding for both directions; others are a layer of their own.
    let network = if vertical == horizontal {
        network
    } else {
        network.add_fn(move |x| {
            x.pad_with_zeros(2, vertical, vertical)?
                .pad_with_zeros(3, horizontal, horizontal)
        })
    };
    Ok(network.add(Conv2d::new(weight, Some(bias), config)))
}
