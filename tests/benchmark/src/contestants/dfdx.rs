//! [dfdx](https://github.com/coreylowman/dfdx), whose shapes are types too.

use std::hint::black_box;

use dfdx::prelude::*;

use super::{BATCH, Mode, Prepared, Runner};
use crate::models::Model;

struct Dfdx<N, X, Y> {
    network: N,
    x: X,
    y: Y,
    to_vec: fn(&Y) -> Vec<f32>,
}

impl<N: Module<X, Output = Y>, X: Clone, Y> Runner for Dfdx<N, X, Y> {
    fn run(&mut self, calls: u64) {
        for _ in 0..calls {
            self.y = black_box(black_box(&self.network).forward(black_box(self.x.clone())));
        }
    }

    fn outputs(&self) -> Vec<f32> {
        (self.to_vec)(&self.y)
    }
}

/// `$stages` as dfdx writes them, and the places of its linear layers.
macro_rules! network {
    ($model:expr, $mode:expr, $inputs:literal, ($($stage:ty),+), [$($place:tt),+]) => {{
        let cpu = Cpu::default();
        let mut network = cpu.build_module::<($($stage,)+), f32>();
        let mut layers = $model.layers();
        $(
            let layer = layers.next().ok_or("too few layers")?;
            network.$place.weight.copy_from(&layer.weight);
            network.$place.bias.copy_from(&layer.bias);
        )+
        let samples = $model.samples($mode.samples());
        match $mode {
            Mode::One => {
                let x = cpu.tensor_from_vec(samples, (Const::<$inputs>,));
                let y = network.forward(x.clone());
                Ok(Some(Box::new(Dfdx { network, x, y, to_vec: |y| y.as_vec() })))
            }
            Mode::Batch => {
                let x = cpu.tensor_from_vec(samples, (Const::<BATCH>, Const::<$inputs>));
                let y = network.forward(x.clone());
                Ok(Some(Box::new(Dfdx { network, x, y, to_vec: |y| y.as_vec() })))
            }
            Mode::Dependent => Ok(None),
        }
    }};
}

pub fn prepare(model: &Model, mode: Mode) -> Prepared {
    match model.name {
        "seed" => network!(model, mode, 10, (Linear<10, 5>, ReLU, Linear<5, 1>), [0, 2]),
        "seed_softmax" => network!(
            model,
            mode,
            10,
            (Linear<10, 5>, Linear<5, 3>, Softmax),
            [0, 1]
        ),
        "mnist" => network!(
            model,
            mode,
            784,
            (
                Linear<784, 128>,
                ReLU,
                Linear<128, 64>,
                ReLU,
                Linear<64, 10>,
                Softmax
            ),
            [0, 2, 4]
        ),
        "policy" => network!(
            model,
            mode,
            17,
            (
                Linear<17, 256>,
                Tanh,
                Linear<256, 256>,
                Tanh,
                Linear<256, 6>
            ),
            [0, 2, 4]
        ),
        "mid" => network!(
            model,
            mode,
            64,
            (
                Linear<64, 64>,
                Sigmoid,
                Linear<64, 64>,
                Sigmoid,
                Linear<64, 1>
            ),
            [0, 2, 4]
        ),
        _ => Ok(None),
    }
}
