//! Gradients that are not allowed to grow.
#![allow(unsafe_code, reason = "numbers are where a layout says")]

use crate::{
    kernels::math::square_root,
    parameters::{Parameters, runs},
    scalar::Scalar,
};

/// What is done to a gradient before a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Clip {
    /// Its norm is this at the most.
    pub(super) norm: Option<f64>,
    /// Each number is this far from zero at the most.
    pub(super) value: Option<f64>,
}

impl Clip {
    /// As `torch.nn.utils.clip_grad_norm_` and `clip_grad_value_`, in this order.
    pub(super) fn apply<T: Scalar, P: Parameters>(self, gradient: &mut P) {
        let place = core::ptr::from_mut(gradient).cast::<u8>();
        if let Some(most) = self.norm {
            let mut squares = Squares { place, sum: 0.0 };
            runs::each::<T, P>(&mut squares);
            // As there, so that a norm of zero is no division by zero.
            let factor = most / (square_root(squares.sum) + 1e-6);
            if factor < 1.0 {
                change::<T, P>(place, Change::Scale(factor));
            }
        }
        if let Some(most) = self.value {
            change::<T, P>(place, Change::Bound(most));
        }
    }
}

/// The sum of all squares.
struct Squares {
    place: *const u8,
    sum: f64,
}

impl runs::Each for Squares {
    fn run<T: Scalar>(&mut self, offset: usize, len: usize) {
        // SAFETY: the place leads to a value, of which these numbers are a part.
        let numbers = unsafe {
            let from = self.place.add(offset).cast::<T>();
            core::slice::from_raw_parts(from, len)
        };
        for x in numbers {
            let x = x.to_f64();
            self.sum += x * x;
        }
    }
}

#[derive(Clone, Copy)]
enum Change {
    Scale(f64),
    Bound(f64),
}

fn change<T: Scalar, P: Parameters>(place: *mut u8, change: Change) {
    runs::each::<T, P>(&mut Changed { place, change });
}

struct Changed {
    place: *mut u8,
    change: Change,
}

impl runs::Each for Changed {
    fn run<T: Scalar>(&mut self, offset: usize, len: usize) {
        // SAFETY: as in `Squares`, and nobody else has the gradient.
        let numbers = unsafe {
            let from = self.place.add(offset).cast::<T>();
            core::slice::from_raw_parts_mut(from, len)
        };
        for x in numbers {
            *x = T::from_f64(match self.change {
                Change::Scale(factor) => x.to_f64() * factor,
                Change::Bound(most) if x.to_f64() > most => most,
                Change::Bound(most) if x.to_f64() < -most => -most,
                Change::Bound(_) => continue,
            });
        }
    }
}
