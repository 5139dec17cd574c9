//! The loops that do the arithmetic. Plain Rust, written so that the compiler vectorises them.

pub(crate) mod math;
pub(crate) use math::{math32, math64};

use crate::Scalar;

/// `y ← weight · x + bias`, where `weight` lies column by column, as nalgebra keeps it: each input
/// adds its column, so that the inner loop runs over neighbours and needs no sum across lanes.
#[inline]
pub(crate) fn linear<T: Scalar>(weight: &[T], bias: &[T], x: &[T], y: &mut [T]) {
    if bias.is_empty() {
        y.fill(T::ZERO);
    } else {
        for (y, &bias) in y.iter_mut().zip(bias) {
            *y = bias;
        }
    }
    for (column, &x) in weight.chunks_exact(y.len().max(1)).zip(x) {
        for (y, &w) in y.iter_mut().zip(column) {
            *y += w * x;
        }
    }
}
