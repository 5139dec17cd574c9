//! Many steps: of one stream, or one step of many streams.

use core::array;

use super::Recurrent;
use crate::{flow, layer::Layer, value::Value};

/// How many steps or streams go through a layer together.
const BLOCK: usize = 16;

/// Whether blocks of values go through a network, as of [`Recurrent::TOGETHER`]: one of the stages gains
/// by it, and what leaves them, of these lengths, has room on a stack.
#[must_use]
pub const fn together(lengths: &[usize], gains: &[[bool; 2]]) -> [bool; 2] {
    let (mut together, mut stage) = ([false; 2], 0);
    while stage < gains.len() && stage < lengths.len() {
        if lengths[stage] > 128 {
            return [false; 2];
        }
        together[0] |= gains[stage][0];
        together[1] |= gains[stage][1];
        stage += 1;
    }
    together
}

/// What a layer that remembers nothing makes of each.
#[inline]
pub fn forward<X: Value, L: Layer<X>, const N: usize>(layer: &L, x: &[X; N]) -> [L::Output; N] {
    let mut y = array::from_fn(|_| L::Output::zeros());
    flow::forward_batch(layer, x, &mut y);
    y
}

/// Steps of one stream, each by itself.
#[inline]
pub fn one_by_one<X, L: Recurrent<X>, const N: usize>(
    layer: &L,
    state: &mut L::State,
    x: &[X; N],
) -> [L::Output; N] {
    x.each_ref().map(|x| layer.step(state, x))
}

/// A step of several streams, each by itself.
#[inline]
pub fn one_after_another<X, L: Recurrent<X>, const N: usize>(
    layer: &L,
    states: [&mut L::State; N],
    x: &[X; N],
) -> [L::Output; N] {
    let mut stream = 0;
    states.map(|state| {
        stream += 1;
        layer.step(state, &x[stream - 1])
    })
}

/// What `net.steps(state, inputs, outputs)` does.
///
/// # Panics
///
/// Where the lengths differ.
#[track_caller]
pub fn steps<X, L: Recurrent<X>>(
    layer: &L,
    state: &mut L::State,
    inputs: &[X],
    outputs: &mut [L::Output],
) {
    assert!(
        inputs.len() == outputs.len(),
        "as many outputs as inputs are needed: the stretch has {} inputs and {} outputs",
        inputs.len(),
        outputs.len()
    );
    let at = whole(L::TOGETHER[0], inputs.len());
    let blocks = inputs[..at].as_chunks::<BLOCK>().0.iter();
    for (x, y) in blocks.zip(outputs[..at].as_chunks_mut().0) {
        *y = layer.stretch(state, x);
    }
    for (x, y) in inputs[at..].iter().zip(&mut outputs[at..]) {
        *y = layer.step(state, x);
    }
}

/// What `net.step_batch(states, inputs, outputs)` does.
///
/// # Panics
///
/// Where the lengths differ.
#[track_caller]
pub fn step_batch<X, L: Recurrent<X>>(
    layer: &L,
    states: &mut [L::State],
    inputs: &[X],
    outputs: &mut [L::Output],
) {
    assert!(
        states.len() == inputs.len() && inputs.len() == outputs.len(),
        "as many states and outputs as inputs are needed: the batch has {} inputs, {} states and {} \
         outputs",
        inputs.len(),
        states.len(),
        outputs.len()
    );
    let at = whole(L::TOGETHER[1], inputs.len());
    let blocks = inputs[..at].as_chunks::<BLOCK>().0.iter();
    let block_states = states[..at].as_chunks_mut().0.iter_mut();
    for ((states, x), y) in block_states
        .zip(blocks)
        .zip(outputs[..at].as_chunks_mut().0)
    {
        *y = layer.abreast(states.each_mut(), x);
    }
    let rest = states[at..].iter_mut().zip(&inputs[at..]);
    for ((state, x), y) in rest.zip(&mut outputs[at..]) {
        *y = layer.step(state, x);
    }
}

/// How many of so many values go through a layer in blocks.
fn whole(together: bool, values: usize) -> usize {
    if together { values / BLOCK * BLOCK } else { 0 }
}
