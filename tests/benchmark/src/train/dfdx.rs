//! [dfdx](https://github.com/coreylowman/dfdx), whose shapes are types too.

use std::hint::black_box;

use dfdx::optim::{Adam, AdamConfig, Sgd, SgdConfig};
use dfdx::prelude::*;

use super::tasks::Task;
use crate::contestants::{Prepared, Runner};

/// `step` makes one with a batch, and gives the loss and, where nothing is updated, the gradient's size.
struct Dfdx<B, S> {
    batches: Vec<B>,
    at: usize,
    step: S,
    outputs: Vec<f32>,
}

impl<B, S: FnMut(&B) -> Vec<f32>> Runner for Dfdx<B, S> {
    fn run(&mut self, calls: u64) {
        for _ in 0..calls {
            self.outputs = black_box((self.step)(black_box(&self.batches[self.at])));
            self.at = (self.at + 1) % self.batches.len();
        }
    }

    fn outputs(&self) -> Vec<f32> {
        self.outputs.clone()
    }
}

/// `$stages` as dfdx writes them, the places of its linear layers, and what a step does with the loss.
macro_rules! learner {
    (
        $task:expr, [$batch:literal, $inputs:literal, $outputs:literal],
        ($($stage:ty),+), [$($place:tt),+], $loss:ident, $optimizer:expr
    ) => {{
        let task = $task;
        let cpu = Cpu::default();
        let mut network = cpu.build_module::<($($stage,)+), f32>();
        let mut layers = task.model.layers();
        $(
            let layer = layers.next().ok_or("too few layers")?;
            network.$place.weight.copy_from(&layer.weight);
            network.$place.bias.copy_from(&layer.bias);
        )+
        let inputs = task.inputs.chunks($batch * $inputs);
        let targets = task.targets.chunks($batch * task.target());
        let batches = inputs.zip(targets).map(|(x, y)| {
            // Classes as probabilities, which is what its loss takes.
            let y = if task.target() == $outputs {
                y.to_vec()
            } else {
                let row = |&class: &f32| (0..$outputs).map(move |o| f32::from(o == class as u8));
                y.iter().flat_map(row).collect()
            };
            let x = cpu.tensor_from_vec(x.to_vec(), (Const::<$batch>, Const::<$inputs>));
            (x, cpu.tensor_from_vec(y, (Const::<$batch>, Const::<$outputs>)))
        });
        let batches: Vec<_> = batches.collect();
        let mut optimizer = $optimizer(&network);
        let mut kept = Some(network.alloc_grads());
        Ok(Some(Box::new(Dfdx {
            batches,
            at: 0,
            step: move |(x, y): &(Tensor<Rank2<$batch, $inputs>, f32, Cpu>, Tensor<Rank2<$batch, $outputs>, f32, Cpu>)| {
                let gradients = kept.take().expect("a step gives them back");
                let loss = $loss(network.forward_mut(x.clone().traced(gradients)), y.clone());
                let value = loss.array();
                let mut gradients = loss.backward();
                let mut outputs = vec![value];
                if let Some(optimizer) = &mut optimizer {
                    Optimizer::update(optimizer, &mut network, &gradients).expect("all are used");
                } else {
                    let sizes = [$(
                        gradients.get(&network.$place.weight).abs().sum::<Rank0, _>().array(),
                        gradients.get(&network.$place.bias).abs().sum::<Rank0, _>().array(),
                    )+];
                    outputs.push(sizes.iter().sum());
                }
                network.zero_grads(&mut gradients);
                kept = Some(gradients);
                outputs
            },
            outputs: Vec::new(),
        })))
    }};
}

/// An optimiser of a network of this type, or none of it.
#[expect(clippy::unnecessary_wraps, reason = "one signature for all")]
fn adam<M>(network: &M) -> Option<Adam<M, f32, Cpu>> {
    let config = AdamConfig {
        lr: 1e-3,
        ..AdamConfig::default()
    };
    Some(Adam::new(network, config))
}

#[expect(clippy::unnecessary_wraps, reason = "one signature for all")]
fn sgd<M>(network: &M) -> Option<Sgd<M, f32, Cpu>> {
    let config = SgdConfig {
        lr: 1e-2,
        momentum: None,
        weight_decay: None,
    };
    Some(Sgd::new(network, config))
}

fn none<M>(_: &M) -> Option<Sgd<M, f32, Cpu>> {
    None
}

pub fn prepare(task: &Task) -> Prepared {
    match task.name {
        "mnist" => learner!(
            task,
            [64, 784, 10],
            (
                Linear<784, 128>,
                ReLU,
                Linear<128, 64>,
                ReLU,
                Linear<64, 10>
            ),
            [0, 2, 4],
            cross_entropy_with_logits_loss,
            adam
        ),
        "expm" => learner!(
            task,
            [10_000, 4, 4],
            (Linear<4, 32>, Tanh, Linear<32, 16>, Tanh, Linear<16, 4>),
            [0, 2, 4],
            mse_loss,
            adam
        ),
        "tiny" => learner!(
            task,
            [200, 24, 2],
            (Linear<24, 8>, Tanh, Linear<8, 2>),
            [0, 2],
            mse_loss,
            none
        ),
        "seed" => learner!(
            task,
            [1, 10, 1],
            (Linear<10, 5>, ReLU, Linear<5, 1>),
            [0, 2],
            mse_loss,
            sgd
        ),
        _ => Ok(None),
    }
}
