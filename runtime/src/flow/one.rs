//! One sample.
#![allow(
    unsafe_code,
    reason = "outputs are not set to zero before a kernel writes them"
)]

use core::mem::MaybeUninit;

use nalgebra::{SMatrix, SVector};

use super::Flow;
use crate::{
    Layer, Scalar, Value,
    kernels::{Function, Linear},
};

/// `layer.forward(x)`, by kernels that were compiled with this library.
#[inline(always)]
pub(super) fn forward<X: Value, L: Layer<X>>(layer: &L, x: &X) -> L::Output {
    layer.flow(&mut One, x)
}

/// Values are themselves.
struct One;

impl Flow for One {
    type Of<X: Value> = X;

    #[inline(always)]
    fn linear<T: Scalar, const IN: usize, const OUT: usize>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        bias: &[T],
        x: &SVector<T, IN>,
        function: Function,
    ) -> SVector<T, OUT> {
        let mut y = MaybeUninit::<SVector<T, OUT>>::uninit();
        // SAFETY: the sizes are those of the types, and the kernel writes all of `y`.
        unsafe {
            T::linear(&Linear {
                weight: weight.as_slice().as_ptr(),
                bias: Linear::bias(bias, OUT),
                x: x.as_slice().as_ptr(),
                y: y.as_mut_ptr().cast(),
                inputs: IN,
                outputs: OUT,
                samples: 1,
                function,
            });
            y.assume_init()
        }
    }

    #[inline(always)]
    fn function<X: Value>(&mut self, function: Function, x: &X) -> X {
        let mut y = x.clone();
        X::Scalar::apply(function, y.as_mut_slice(), X::LEN);
        y
    }

    #[inline(always)]
    fn layer<X: Value, L: Layer<X>>(&mut self, layer: &L, x: &X) -> L::Output {
        layer.forward(x)
    }

    #[inline(always)]
    fn copy<X: Value>(&mut self, x: &X) -> X {
        x.clone()
    }
}
