//! [candle](https://github.com/huggingface/candle).

use std::hint::black_box;

use candle_core::{Device, Module, Result, Tensor};
use candle_nn::{Linear, Sequential, ops, seq};

use super::{Mode, Prepared, Runner};
use crate::models::{Activation, Model};

struct Candle {
    network: Sequential,
    x: Tensor,
    y: Tensor,
}

fn network(model: &Model) -> Result<Sequential> {
    let cpu = Device::Cpu;
    model.layers.iter().try_fold(seq(), |network, layer| {
        let weight = Tensor::from_slice(&layer.weight, (layer.outputs, layer.inputs), &cpu)?;
        let bias = Tensor::from_slice(&layer.bias, layer.outputs, &cpu)?;
        let network = network.add(Linear::new(weight, Some(bias)));
        Ok(match layer.activation {
            Activation::None => network,
            Activation::Relu => network.add_fn(Tensor::relu),
            Activation::Sigmoid => network.add_fn(ops::sigmoid),
            Activation::Softmax => network.add_fn(ops::softmax_last_dim),
            Activation::Tanh => network.add_fn(Tensor::tanh),
        })
    })
}

pub fn prepare(model: &Model, mode: Mode) -> Prepared {
    if mode == Mode::Dependent {
        return Ok(None);
    }
    let n = mode.samples();
    let x = Tensor::from_vec(model.samples(n), (n, model.inputs()), &Device::Cpu)?;
    let network = network(model)?;
    let y = network.forward(&x)?;
    Ok(Some(Box::new(Candle { network, x, y })))
}

impl Runner for Candle {
    fn run(&mut self, calls: u64) {
        for _ in 0..calls {
            let y = black_box(&self.network).forward(black_box(&self.x));
            self.y = black_box(y).expect("a first call went well");
        }
    }

    fn outputs(&self) -> Vec<f32> {
        let y = self.y.flatten_all().and_then(|y| y.to_vec1());
        y.expect("the output is of f32")
    }
}
