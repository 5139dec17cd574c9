//! How values go through a network. A network says once which layer follows which
//! ([`Layer::flow`]), and a [`Flow`] says what a value is meanwhile: registers of a few numbers, a
//! register for each feature of several samples, or samples in a buffer.
#![allow(unsafe_code, reason = "a value is its numbers")]
#![allow(
    clippy::inline_always,
    reason = "a network of a few layers is one function for each instruction set"
)]

mod ahead;
pub mod batch;
mod batch_norm;
mod buffers;
mod lanes;
mod parts;
mod pooled;
pub mod record;
mod registers;
pub mod sized;
pub mod slide;
mod slots;
pub mod tape;

use core::ptr;

use nalgebra::{SMatrix, SVector};

pub(crate) use lanes::in_lanes;
use record::{Follow, Judge, Samples, Start};
use slide::Slide;
use tape::AnyRoom;

use crate::{
    backward::Trainable,
    kernels::{Function, Map, MapRow, Zip},
    layer::Layer,
    parameters::{Parameters, layout::Layout, runs},
    scalar::Scalar,
    value::Value,
};

/// Up to so many parameters the values between a network's layers are in registers.
const SMALL: usize = 128;

/// The most numbers that enter or leave such a network.
const NARROW: usize = 64;

/// The most stages of such a network in a debug build, where each operation has room of its own on the stack:
/// there are some 200 KiB of it for a stage.
const SHORT: usize = 5;

/// Whether this is a debug build, as far as a library can tell. What is compiled with a user's
/// program, not with this library, is slow in one.
const DEBUG: bool = cfg!(debug_assertions);

/// What `net.forward(x)` does.
#[inline(always)]
pub fn forward<X: Value, L: Layer<X>>(layer: &L, x: &X) -> L::Output {
    if const { is_small::<X, L>() } {
        registers::forward(layer, x)
    } else if DEBUG {
        buffers::forward(layer, x)
    } else {
        sized::forward(layer, x)
    }
}

/// Fills `outputs`, which is as long as `inputs`.
#[inline(always)]
pub(crate) fn forward_batch<X: Value, L: Layer<X>>(
    layer: &L,
    inputs: &[X],
    outputs: &mut [L::Output],
) {
    if const { is_small::<X, L>() && X::LEN <= NARROW / 2 } {
        lanes::forward(layer, inputs, outputs);
    } else {
        buffers::forward_batch(layer, inputs, outputs);
    }
}

/// Puts the sum of the gradients of the samples, which `judge` begins, into `gradient`.
#[inline(always)]
pub(crate) fn gradient<X, L, R, S, J>(
    layer: &L,
    gradient: &mut L,
    inputs: S,
    judge: &mut J,
    start: Start,
) where
    X: Value,
    L: Layer<X> + Trainable<X, Output = <L as Layer<X>>::Output>,
    R: AnyRoom,
    S: Samples<X>,
    J: Judge<<L as Layer<X>>::Output>,
{
    /// With more samples, a lane for each is faster.
    const FEW: usize = 8;
    if const { is_small::<X, L>() && standardized(&L::LAYOUT).0 == 0 } && inputs.len() <= FEW {
        registers::back::gradient(layer, gradient, inputs, judge, start);
    } else if const { suits_lanes::<X, L>() } {
        lanes::back::gradient(layer, gradient, inputs, judge, start);
    } else {
        tape::gradient::<X, L, R, S, J>(layer, gradient, inputs, judge, start);
    }
}

/// Whether a step with one sample is one function.
pub(crate) const fn steps_alone<X: Value, L: Layer<X>>() -> bool {
    is_small::<X, L>()
        && size_of::<L>() <= runs::SMALL
        && standardized(&L::LAYOUT).0 == 0
        && !L::LAYOUT.has_buffers()
}

/// Such a step. Nothing is done, and nothing given, where the processor is slower.
#[inline(always)]
pub(crate) fn step_alone<X, L, J>(layer: &mut L, x: &X, judge: &mut J) -> Option<J::Loss>
where
    X: Value,
    L: Layer<X> + Trainable<X, Output = <L as Layer<X>>::Output>,
    J: Follow<L, <L as Layer<X>>::Output>,
{
    registers::alone::step(layer, x, judge)
}

/// Whether its samples go in lanes: a register for each number of the gradient is much for a
/// microcontroller.
const fn suits_lanes<X: Value, L: Layer<X>>() -> bool {
    cfg!(feature = "std")
        && size_of::<L>() <= lanes::back::MOST
        && X::LEN <= NARROW
        && L::Output::LEN <= NARROW
        && is_short::<L>()
        && is_flat::<X, L>()
        && standardized(&L::LAYOUT).0 == 0
}

/// How many layers take statistics of the whole batch, and of how many features together.
pub(crate) const fn standardized(layout: &Layout) -> (usize, usize) {
    match layout {
        Layout::Tensor(_) => (0, 0),
        Layout::Array { len, item, .. } => {
            let (layers, features) = standardized(item);
            (*len * layers, *len * features)
        }
        Layout::Struct(fields) => {
            let mut sum = (0, 0);
            let mut rest = *fields;
            while let [field, tail @ ..] = rest {
                if let Some(stage) = field.stage
                    && is_standardized(stage.layer)
                {
                    sum = (sum.0 + 1, sum.1 + stage.outputs.channels());
                }
                let inside = standardized(&field.layout);
                sum = (sum.0 + inside.0, sum.1 + inside.1);
                rest = tail;
            }
            sum
        }
    }
}

/// Of how many places, at the fewest, a layer takes statistics; `usize::MAX` where none does.
pub(crate) const fn standardized_places(layout: &Layout) -> usize {
    match layout {
        Layout::Tensor(_) => usize::MAX,
        Layout::Array { item, .. } => standardized_places(item),
        Layout::Struct(fields) => {
            let mut fewest = usize::MAX;
            let mut rest = *fields;
            while let [field, tail @ ..] = rest {
                let mut places = standardized_places(&field.layout);
                if let Some(stage) = field.stage
                    && is_standardized(stage.layer)
                {
                    places = stage.outputs.places();
                }
                if places < fewest {
                    fewest = places;
                }
                rest = tail;
            }
            fewest
        }
    }
}

const fn is_standardized(layer: &str) -> bool {
    matches!(layer.as_bytes(), b"BatchNorm1d" | b"BatchNorm2d")
}

/// Whether its values go in registers: vectors only, since what goes over places reads memory.
const fn is_small<X: Value, L: Layer<X>>() -> bool {
    L::LAYOUT.parameters() <= SMALL
        && X::LEN <= NARROW
        && L::Output::LEN <= NARROW
        && is_short::<L>()
        && is_flat::<X, L>()
}

/// Whether a function of all stages leaves enough of a stack.
const fn is_short<L: Parameters>() -> bool {
    !DEBUG || L::LAYOUT.stages() <= SHORT
}

/// Whether all values are vectors.
const fn is_flat<X: Value, L: Layer<X>>() -> bool {
    X::CHANNELS == X::LEN && L::Output::CHANNELS == L::Output::LEN && L::LAYOUT.is_flat()
}

/// One way for values to go through layers.
pub trait Flow {
    /// What stands for a value. Whoever takes one by value is its last reader.
    type Of<X: Value>;

    /// `function(weight · x + bias)`; `bias` may be empty.
    fn linear<T: Scalar, const IN: usize, const OUT: usize>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        bias: &[T],
        x: Self::Of<SVector<T, IN>>,
        function: Function,
    ) -> Self::Of<SVector<T, OUT>>;

    /// `function(layer.forward(x))`, from one place in memory to another.
    #[inline(always)]
    fn slide<X: Value, L: Slide<X>>(
        &mut self,
        layer: &L,
        x: Self::Of<X>,
        function: Function,
    ) -> Self::Of<L::Output> {
        let y = self.layer(layer, x);
        self.function(function, y)
    }

    /// What `pool` makes of `function(layer.forward(x))`.
    #[inline(always)]
    fn pooled<X: Value, L: Slide<X>, P: Slide<L::Output>>(
        &mut self,
        layer: &L,
        pool: &P,
        x: Self::Of<X>,
        function: Function,
    ) -> Self::Of<P::Output> {
        let x = self.slide::<X, L>(layer, x, function);
        self.slide::<L::Output, P>(pool, x, Function::Identity)
    }

    /// `function(x)`; softmax is of each place.
    fn function<X: Value>(&mut self, function: Function, x: Self::Of<X>) -> Self::Of<X>;

    /// `map(x)` of each number.
    fn map<X: Value, M: Map>(&mut self, map: &M, x: Self::Of<X>) -> Self::Of<X>;

    /// `map(x)` of the numbers of each place together.
    fn row<X: Value, M: MapRow<X::Scalar>>(&mut self, map: &M, x: Self::Of<X>) -> Self::Of<X>;

    /// `layer.forward(x)`
    fn layer<X: Value, L: Layer<X>>(&mut self, layer: &L, x: Self::Of<X>) -> Self::Of<L::Output>;

    /// The same value for one more reader.
    fn share<X: Value>(&mut self, x: &Self::Of<X>) -> Self::Of<X>;

    /// `x` and `y`, number by number.
    fn zip<X: Value>(&mut self, zip: Zip, x: Self::Of<X>, y: Self::Of<X>) -> Self::Of<X>;

    /// A value of zeros, which others are put into.
    fn room<X: Value>(&mut self) -> Self::Of<X>;

    /// `y` with `x` in place of the channels from `at` on, in each place.
    fn put<X: Value, Y: Value<Scalar = X::Scalar>>(
        &mut self,
        y: Self::Of<Y>,
        at: usize,
        x: Self::Of<X>,
    ) -> Self::Of<Y>;
}

/// How many places so many samples have, in each of which an `X` has room in a `Y` from channel `at` on.
#[inline(always)]
fn fits<X: Value, Y: Value>(at: usize, samples: usize) -> usize {
    let has_room = at + X::CHANNELS <= Y::CHANNELS && X::SHAPE.places() == Y::SHAPE.places();
    assert!(has_room, "a branch gives more");
    samples * X::SHAPE.places()
}

/// Puts each `x` in place of the channels of its `y` from `at` on.
///
/// # Safety
///
/// There are `samples` of both.
#[inline(always)]
unsafe fn put<X: Value, Y: Value<Scalar = X::Scalar>>(
    x: *const X::Scalar,
    y: *mut X::Scalar,
    at: usize,
    samples: usize,
) {
    for place in 0..fits::<X, Y>(at, samples) {
        // SAFETY: by the caller; the channels fit.
        unsafe {
            let (from, to) = (x.add(place * X::CHANNELS), y.add(place * Y::CHANNELS + at));
            ptr::copy_nonoverlapping(from, to, X::CHANNELS);
        }
    }
}
