//! The loops of those whose samples are nalgebra's vectors: layerwise, and nalgebra by hand.

use std::hint::black_box;

use nalgebra::SVector;

use super::{Mode, Runner};
use crate::models::Model;

/// A network of `I` inputs and `O` outputs.
pub(super) trait Network<const I: usize, const O: usize> {
    fn forward(&self, x: &SVector<f32, I>) -> SVector<f32, O>;

    fn forward_batch(&self, x: &[SVector<f32, I>], y: &mut [SVector<f32, O>]) {
        for (x, y) in x.iter().zip(y) {
            *y = self.forward(x);
        }
    }
}

struct Vectors<N, const I: usize, const O: usize> {
    network: Box<N>,
    mode: Mode,
    inputs: Vec<SVector<f32, I>>,
    outputs: Vec<SVector<f32, O>>,
}

pub(super) fn runner<N, const I: usize, const O: usize>(
    network: Box<N>,
    model: &Model,
    mode: Mode,
) -> Box<dyn Runner>
where
    N: Network<I, O> + 'static,
{
    let samples = model.samples(mode.samples());
    Box::new(Vectors {
        network,
        mode,
        inputs: samples
            .chunks_exact(I)
            .map(SVector::from_column_slice)
            .collect(),
        outputs: vec![SVector::zeros(); mode.samples()],
    })
}

impl<N: Network<I, O>, const I: usize, const O: usize> Runner for Vectors<N, I, O> {
    fn run(&mut self, calls: u64) {
        let network = &*self.network;
        match self.mode {
            Mode::One => {
                let x = &self.inputs[0];
                let mut y = SVector::zeros();
                for _ in 0..calls {
                    y = black_box(network).forward(black_box(x));
                    black_box(&y);
                }
                self.outputs[0] = y;
            }
            Mode::Batch => {
                for _ in 0..calls {
                    black_box(network).forward_batch(black_box(&self.inputs), &mut self.outputs);
                    black_box(&self.outputs);
                }
            }
            Mode::Dependent => {
                let mut x = self.inputs[0];
                let mut y = SVector::zeros();
                for _ in 0..calls {
                    y = black_box(network).forward(black_box(&x));
                    x[0] = self.inputs[0][0] + y[0] * 1e-30;
                }
                self.outputs[0] = y;
            }
        }
    }

    fn outputs(&self) -> Vec<f32> {
        self.outputs.iter().flatten().copied().collect()
    }
}
