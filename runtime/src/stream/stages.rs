//! What a chain that begins with `Stream` does with values between its stages.

use super::Recurrent;
use crate::{kernels::Zip, value::Value};

/// Copies of a layer, run one after another.
pub fn repeat<X: Value, L: Recurrent<X, Output = X>>(
    layers: &[L],
    states: &mut [L::State],
    x: &X,
) -> X {
    let copies = layers.iter().zip(states);
    copies.fold(x.clone(), |x, (layer, state)| layer.step(state, &x))
}

/// `x` and `y`, number by number.
#[must_use]
pub fn zip<X: Value>(zip: Zip, mut x: X, y: &X) -> X {
    for (x, &y) in x.as_mut_slice().iter_mut().zip(y.as_slice()) {
        *x = match zip {
            Zip::Add => *x + y,
            Zip::Multiply => *x * y,
        };
    }
    x
}

/// `y` with `x` in place of the numbers from `at` on; what is behind them comes back.
pub fn put<X: Value, Y: Value<Scalar = X::Scalar>>(y: &mut Y, at: usize, x: &X) -> usize {
    let end = at + X::LEN;
    if let Some(to) = y.as_mut_slice().get_mut(at..end) {
        to.copy_from_slice(x.as_slice());
    }
    end
}
