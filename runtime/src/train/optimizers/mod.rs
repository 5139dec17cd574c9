//! What follows a gradient: PyTorch's optimisers, by PyTorch's names. One file each.
#![allow(
    clippy::inline_always,
    reason = "of a small network a step is a few instructions"
)]

mod adagrad;
mod adam;
mod adamw;
mod rmsprop;
mod sgd;

pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamw::AdamW;
pub use rmsprop::RMSprop;
pub use sgd::SGD;

use crate::{
    kernels::{Rule, StepEach, dispatch::dispatch},
    parameters::{Parameters, runs},
    scalar::Scalar,
};

/// What changes a network's parameters along a gradient. PyTorch's are here; it is not implemented
/// elsewhere.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no optimiser\n\
               help: give the trainer one of PyTorch's, such as `Adam::new(1e-3)`",
    label = "`{Self}` does not implement `Optimizer`"
)]
pub trait Optimizer: Clone + sealed::Sealed {
    /// What it keeps for each parameter: as many networks.
    type State<P: Parameters>: Parameters + AsMut<[P]> + AsRef<[P]>;

    /// PyTorch's names for them.
    const STATES: &'static [&'static str];

    /// The learning rate.
    fn lr(&self) -> f64;

    /// Changes the learning rate.
    fn set_lr(&mut self, lr: f64);

    /// The `step`-th step, from 1, along `gradient`. Most of the parameters are `T`.
    #[doc(hidden)]
    fn step<T: Scalar, P: Parameters>(
        &self,
        network: &mut P,
        gradient: &P,
        state: &mut Self::State<P>,
        step: u64,
    );
}

mod sealed {
    pub trait Sealed {}
}

/// One step of a rule for all parameters.
#[inline(always)]
fn update<T: Scalar, P: Parameters, R: Rule<K>, const K: usize>(
    rule: &R,
    network: &mut P,
    gradient: &P,
    state: &mut [P; K],
) {
    let mut kept = [core::ptr::null_mut(); K];
    for (place, state) in kept.iter_mut().zip(state) {
        *place = core::ptr::from_mut(state).cast();
    }
    runs::each::<T, P>(&mut Step {
        rule,
        network: core::ptr::from_mut(network).cast(),
        gradient: core::ptr::from_ref(gradient).cast(),
        kept,
    });
}

/// A step of values of one type.
struct Step<'a, R, const K: usize> {
    rule: &'a R,
    network: *mut u8,
    gradient: *const u8,
    kept: [*mut u8; K],
}

impl<R: Rule<K>, const K: usize> runs::Each for Step<'_, R, K> {
    #[inline(always)]
    fn run<T: Scalar>(&mut self, offset: usize, len: usize) {
        let mut kept = [core::ptr::null_mut(); K];
        for (place, kept) in kept.iter_mut().zip(self.kept) {
            *place = kept.wrapping_add(offset).cast::<T>();
        }
        dispatch(StepEach {
            rule: self.rule,
            p: self.network.wrapping_add(offset).cast(),
            g: self.gradient.wrapping_add(offset).cast(),
            kept,
            len,
        });
    }
}
