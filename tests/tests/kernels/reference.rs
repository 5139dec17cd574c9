//! What the kernels are compared with, in `f64`, and the numbers that they get.

use layerwise::{__private::kernels::Function, Scalar};

/// Numbers between −1 and 1, the same in every run.
pub(crate) struct Numbers(pub(crate) u32);

impl Numbers {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0 >> 8) / f64::from(1 << 23) - 1.0
    }

    pub(crate) fn take<T: Scalar>(&mut self, len: usize) -> Vec<T> {
        (0..len).map(|_| T::from_f64(self.next())).collect()
    }
}

/// What a function makes of one sample.
pub(crate) fn exact(function: Function, y: &mut [f64]) {
    let largest = y.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = y.iter().map(|y| (y - largest).exp()).sum();
    for y in y {
        *y = match function {
            Function::ReLU => y.max(0.0),
            Function::ReLU6 => y.clamp(0.0, 6.0),
            Function::LeakyReLU(slope) if *y < 0.0 => *y * slope,
            Function::Identity | Function::LeakyReLU(_) => *y,
            Function::Exp => y.exp(),
            Function::Sigmoid => 1.0 / (1.0 + (-*y).exp()),
            Function::Tanh => y.tanh(),
            Function::Softmax => (*y - largest).exp() / sum,
        };
    }
}
