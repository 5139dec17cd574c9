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

use core::marker::PhantomData;

use crate::{
    kernels::{
        Function, Kernel, Rule, StepEach,
        dispatch::{dispatch, dispatch_narrow},
        isa::Isa,
    },
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
    #[inline(always)]
    fn step<T: Scalar, P: Parameters>(
        &self,
        network: &mut P,
        gradient: &P,
        state: &mut Self::State<P>,
        step: u64,
    ) {
        self.step_by::<T, P, _>(Dispatched, network, gradient, state, step);
    }

    /// The same, in a function for an instruction set or from outside one.
    #[doc(hidden)]
    fn step_by<T: Scalar, P: Parameters, W: Way>(
        &self,
        way: W,
        network: &mut P,
        gradient: &P,
        state: &mut Self::State<P>,
        step: u64,
    );
}

mod sealed {
    pub trait Sealed {}
}

/// How a step gets to its instruction set.
#[doc(hidden)]
pub trait Way {
    /// Does it. `NARROW` says that registers of half the width are better.
    fn run<K: Kernel<Output = ()>, const NARROW: bool>(self, kernel: K);
}

/// By the best there is.
struct Dispatched;

impl Way for Dispatched {
    #[inline(always)]
    fn run<K: Kernel<Output = ()>, const NARROW: bool>(self, kernel: K) {
        if NARROW {
            dispatch_narrow(kernel);
        } else {
            dispatch(kernel);
        }
    }
}

/// As a part of a function for this one.
pub(super) struct In<I>(pub(super) I);

impl<I: Isa> Way for In<I> {
    #[inline(always)]
    fn run<K: Kernel<Output = ()>, const NARROW: bool>(self, kernel: K) {
        let (first, second, third, function) = kernel.parts();
        K::run(self.0, first, second, third, function);
    }
}

/// One step of a rule for all parameters.
#[inline(always)]
fn update<T: Scalar, P: Parameters, R: Rule<K>, W: Way, const K: usize>(
    way: W,
    rule: &R,
    network: &mut P,
    gradient: &P,
    state: &mut [P; K],
) {
    let mut kept = [core::ptr::null_mut(); K];
    for (place, state) in kept.iter_mut().zip(state) {
        *place = core::ptr::from_mut(state).cast();
    }
    let update = Update::<T, P, R, K> {
        step: Step {
            rule,
            network: core::ptr::from_mut(network).cast(),
            gradient: core::ptr::from_ref(gradient).cast(),
            kept,
        },
        of: PhantomData,
    };
    // A register waits for all pieces in which its numbers were written just before: a narrow one for fewer.
    if const { size_of::<P>() <= runs::SMALL } {
        way.run::<_, true>(update);
    } else {
        way.run::<_, false>(update);
    }
}

/// A step of values of one type, whose numbers are mostly `T`.
struct Update<'a, T, P, R, const K: usize> {
    step: Step<'a, R, K>,
    of: PhantomData<(T, P)>,
}

/// Where the values are.
struct Step<'a, R, const K: usize> {
    rule: &'a R,
    network: *mut u8,
    gradient: *const u8,
    kept: [*mut u8; K],
}

impl<'a, T: Scalar, P: Parameters, R: Rule<K>, const K: usize> Kernel for Update<'a, T, P, R, K> {
    type Output = ();
    type First = Step<'a, R, K>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (Self::First, (), (), Function) {
        (self.step, (), (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, step: Self::First, (): (), (): (), _: Function) {
        runs::each::<T, P>(&mut StepIn { isa, step });
    }
}

struct StepIn<'a, I, R, const K: usize> {
    isa: I,
    step: Step<'a, R, K>,
}

impl<I: Isa, R: Rule<K>, const K: usize> runs::Each for StepIn<'_, I, R, K> {
    #[inline(always)]
    fn run<T: Scalar>(&mut self, offset: usize, len: usize) {
        let step = &self.step;
        let mut kept = [core::ptr::null_mut(); K];
        for (place, kept) in kept.iter_mut().zip(step.kept) {
            *place = kept.wrapping_add(offset).cast::<T>();
        }
        let p = step.network.wrapping_add(offset).cast();
        let g = step.gradient.wrapping_add(offset).cast();
        StepEach::run(self.isa, step.rule, (p, g), (kept, len), Function::Identity);
    }
}
