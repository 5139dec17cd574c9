//! [burn](https://burn.dev) on its CPU backend `flex` with `autodiff`, without threads.

use std::hint::black_box;

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::loss::{CrossEntropyLossConfig, MseLoss, Reduction};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::{Device, Gradients, Int, Tensor, TensorData, activation};

use super::tasks::{Task, Update};
use crate::contestants::{Prepared, Runner, burn::linear};
use crate::models::Activation;

#[derive(Module, Debug)]
struct Network {
    layers: Vec<Linear>,
}

enum Targets {
    Classes(Tensor<1, Int>),
    Numbers(Tensor<2>),
}

struct Burn {
    /// Nothing for the time of an update.
    network: Option<Network>,
    activation: Activation,
    optimizer: Option<ModuleOptimizer>,
    rate: f64,
    batches: Vec<(Tensor<2>, Targets)>,
    at: usize,
    outputs: Vec<f32>,
}

#[expect(clippy::unnecessary_wraps, reason = "one signature for all")]
pub fn prepare(task: &Task) -> Prepared {
    let device = Device::flex().autodiff();
    let layers = task.model.layers().map(|layer| {
        let sizes = [layer.inputs, layer.outputs];
        linear(sizes, &layer.weight, &layer.bias, &device)
    });
    let (optimizer, rate) = match task.update {
        Update::Adam => (Some(AdamConfig::new().with_epsilon(1e-8).init()), 1e-3),
        Update::Sgd => (Some(SgdConfig::new().init()), 1e-2),
        Update::None => (None, 0.0),
    };
    let width = task.model.inputs();
    let inputs = task.inputs.chunks(task.batch * width);
    let targets = task.targets.chunks(task.batch * task.target());
    let batches = inputs.zip(targets).map(|(x, y)| {
        let x = TensorData::new(x.to_vec(), [task.batch, width]);
        let y = if task.name == "mnist" {
            let classes: Vec<i64> = y.iter().map(|&class| class as i64).collect();
            Targets::Classes(Tensor::from_data(
                TensorData::new(classes, [task.batch]),
                &device,
            ))
        } else {
            let y = TensorData::new(y.to_vec(), [task.batch, task.target()]);
            Targets::Numbers(Tensor::from_data(y, &device))
        };
        (Tensor::from_data(x, &device), y)
    });
    Ok(Some(Box::new(Burn {
        network: Some(Network {
            layers: layers.collect(),
        }),
        activation: task.activation,
        optimizer,
        rate,
        batches: batches.collect(),
        at: 0,
        outputs: Vec::new(),
    })))
}

impl Burn {
    fn step(&mut self, network: Network) -> (Network, Tensor<1>, Option<Gradients>) {
        let (x, targets) = black_box(&self.batches[self.at]);
        let mut value = x.clone();
        for (i, layer) in network.layers.iter().enumerate() {
            value = layer.forward(value);
            if i + 1 < network.layers.len() {
                value = match self.activation {
                    Activation::Tanh => activation::tanh(value),
                    _ => activation::relu(value),
                };
            }
        }
        let loss = match targets {
            Targets::Classes(classes) => CrossEntropyLossConfig::new()
                .init(&value.device())
                .forward(value, classes.clone()),
            Targets::Numbers(y) => MseLoss::new().forward(value, y.clone(), Reduction::Mean),
        };
        let gradients = loss.backward();
        self.at = (self.at + 1) % self.batches.len();
        match &mut self.optimizer {
            Some(optimizer) => {
                let gradients = GradientsParams::from_grads(gradients, &network);
                (optimizer.step(self.rate, network, gradients), loss, None)
            }
            None => (network, loss, Some(gradients)),
        }
    }
}

impl Runner for Burn {
    fn run(&mut self, calls: u64) {
        let mut last = None;
        for _ in 0..calls {
            let network = self.network.take().expect("an update gives it back");
            let (network, loss, gradients) = black_box(self.step(network));
            self.network = Some(network);
            last = Some((loss, gradients));
        }
        let (Some((loss, gradients)), Some(network)) = (last, &self.network) else {
            return;
        };
        self.outputs = vec![loss.into_scalar::<f32>()];
        if let Some(gradients) = gradients {
            let mut size = 0.0;
            for layer in &network.layers {
                let weight = layer.weight.val().grad(&gradients);
                let bias = layer
                    .bias
                    .as_ref()
                    .and_then(|bias| bias.val().grad(&gradients));
                size += weight.map_or(0.0, |g| g.abs().sum().into_scalar::<f32>());
                size += bias.map_or(0.0, |g| g.abs().sum().into_scalar::<f32>());
            }
            self.outputs.push(size);
        }
    }

    fn outputs(&self) -> Vec<f32> {
        self.outputs.clone()
    }
}
