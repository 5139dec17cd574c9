//! [candle](https://github.com/huggingface/candle).

use std::hint::black_box;

use candle_core::{Device, Module, Result, Tensor};
use candle_nn::{LayerNorm, Linear, Sequential, ops, seq};

use super::{Mode, Prepared, Runner};
use crate::models::{Activation, Layer, Model, Norm, Stage};

struct Candle {
    network: Sequential,
    x: Tensor,
    y: Tensor,
}

fn network(model: &Model) -> Result<Sequential> {
    model.stages.iter().try_fold(seq(), |network, stage| {
        Ok(match stage {
            Stage::Layer(layer) => with(network, layer)?,
            Stage::Residual(norm, [first, second]) => {
                let n = norm.weight.len();
                let weight = Tensor::from_slice(&norm.weight, n, &Device::Cpu)?;
                let bias = Tensor::from_slice(&norm.bias, n, &Device::Cpu)?;
                let inner = seq().add(LayerNorm::new(weight, bias, Norm::EPS));
                let inner = with(with(inner, first)?, second)?;
                network.add(move |x: &Tensor| x + inner.forward(x)?)
            }
            Stage::Gate([gate, value]) => {
                let (gate, value) = (with(seq(), gate)?, with(seq(), value)?);
                network.add(move |x: &Tensor| gate.forward(x)? * value.forward(x)?)
            }
        })
    })
}

/// The network with one more layer.
fn with(network: Sequential, layer: &Layer) -> Result<Sequential> {
    let cpu = Device::Cpu;
    let weight = Tensor::from_slice(&layer.weight, (layer.outputs, layer.inputs), &cpu)?;
    let bias = Tensor::from_slice(&layer.bias, layer.outputs, &cpu)?;
    let network = network.add(Linear::new(weight, Some(bias)));
    Ok(match layer.activation {
        Activation::None => network,
        Activation::Elu => network.add_fn(|x| x.elu(1.0)),
        Activation::Gelu => network.add_fn(Tensor::gelu_erf),
        Activation::Relu => network.add_fn(Tensor::relu),
        Activation::Sigmoid => network.add_fn(ops::sigmoid),
        Activation::Softmax => network.add_fn(ops::softmax_last_dim),
        Activation::Tanh => network.add_fn(Tensor::tanh),
    })
}

pub fn prepare(model: &Model, mode: Mode) -> Prepared {
    if mode == Mode::Dependent {
        return Ok(None);
    }
    let n = mode.samples();
    let x = Tensor::from_vec(model.samples(n), (n, model.inputs()), &Device::Cpu)?;
    runner(network(model)?, x)
}

pub fn runner(network: Sequential, x: Tensor) -> Prepared {
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
