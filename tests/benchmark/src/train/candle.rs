//! [candle](https://github.com/huggingface/candle): variables, its losses and optimisers.

use std::hint::black_box;

use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Result, Tensor, Var};
use candle_nn::optim::{AdamW, Optimizer, ParamsAdamW, SGD};
use candle_nn::{Linear, Module, loss};

use super::tasks::{Loss, Task, Update};
use crate::contestants::{Prepared, Runner};
use crate::models::Activation;

enum Updates {
    Adam(AdamW),
    Sgd(SGD),
    None,
}

struct Candle {
    layers: Vec<Linear>,
    variables: Vec<Var>,
    activation: Activation,
    loss: Loss,
    updates: Updates,
    /// Inputs and targets, batch after batch.
    batches: Vec<[Tensor; 2]>,
    at: usize,
    outputs: Vec<f32>,
}

pub fn prepare(task: &Task) -> Prepared {
    Ok(Some(Box::new(learner(task)?)))
}

fn learner(task: &Task) -> Result<Candle> {
    let cpu = Device::Cpu;
    let (mut layers, mut variables) = (Vec::new(), Vec::new());
    for layer in task.model.layers() {
        let weight = Tensor::from_slice(&layer.weight, (layer.outputs, layer.inputs), &cpu)?;
        let bias = Tensor::from_slice(&layer.bias, layer.outputs, &cpu)?;
        let (weight, bias) = (Var::from_tensor(&weight)?, Var::from_tensor(&bias)?);
        let tensors = (weight.as_tensor().clone(), bias.as_tensor().clone());
        layers.push(Linear::new(tensors.0, Some(tensors.1)));
        variables.extend([weight, bias]);
    }
    let updates = match task.update {
        Update::Adam => {
            let parameters = ParamsAdamW {
                lr: 1e-3,
                weight_decay: 0.0,
                ..ParamsAdamW::default()
            };
            Updates::Adam(AdamW::new(variables.clone(), parameters)?)
        }
        Update::Sgd => Updates::Sgd(SGD::new(variables.clone(), 1e-2)?),
        Update::None => Updates::None,
    };
    let inputs = task.inputs.chunks(task.batch * task.model.inputs());
    let targets = task.targets.chunks(task.batch * task.target());
    let batches = inputs.zip(targets).map(|(x, y)| {
        let x = Tensor::from_slice(x, (task.batch, task.model.inputs()), &cpu)?;
        let y = match task.loss {
            Loss::CrossEntropy => Tensor::from_slice(y, task.batch, &cpu)?.to_dtype(DType::U32)?,
            Loss::MeanSquares => Tensor::from_slice(y, (task.batch, task.target()), &cpu)?,
        };
        Ok([x, y])
    });
    Ok(Candle {
        layers,
        variables,
        activation: task.activation,
        loss: task.loss,
        updates,
        batches: batches.collect::<Result<_>>()?,
        at: 0,
        outputs: Vec::new(),
    })
}

impl Candle {
    fn step(&mut self) -> Result<(Tensor, GradStore)> {
        let [x, y] = black_box(&self.batches[self.at]);
        let mut value = x.clone();
        for (i, layer) in self.layers.iter().enumerate() {
            value = layer.forward(&value)?;
            if i + 1 < self.layers.len() {
                value = match self.activation {
                    Activation::Tanh => value.tanh()?,
                    _ => value.relu()?,
                };
            }
        }
        let loss = match self.loss {
            Loss::CrossEntropy => loss::cross_entropy(&value, y)?,
            Loss::MeanSquares => loss::mse(&value, y)?,
        };
        let gradients = loss.backward()?;
        match &mut self.updates {
            Updates::Adam(optimizer) => optimizer.step(&gradients)?,
            Updates::Sgd(optimizer) => optimizer.step(&gradients)?,
            Updates::None => {}
        }
        self.at = (self.at + 1) % self.batches.len();
        Ok((loss, gradients))
    }

    fn run(&mut self, calls: u64) -> Result<()> {
        let mut last = None;
        for _ in 0..calls {
            last = Some(black_box(self.step()?));
        }
        let Some((loss, gradients)) = last else {
            return Ok(());
        };
        self.outputs = vec![loss.to_scalar()?];
        if let Updates::None = self.updates {
            let mut size = 0.0;
            for gradient in self.variables.iter().filter_map(|v| gradients.get(v)) {
                size += gradient.abs()?.sum_all()?.to_scalar::<f32>()?;
            }
            self.outputs.push(size);
        }
        Ok(())
    }
}

impl Runner for Candle {
    fn run(&mut self, calls: u64) {
        Candle::run(self, calls).expect("the shapes agree");
    }

    fn outputs(&self) -> Vec<f32> {
        self.outputs.clone()
    }
}
