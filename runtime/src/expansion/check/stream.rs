//! [`Stage`](super::Stage) in chains that begin with `Stream`.

use super::Stage;
use crate::{
    kernels::Zip,
    stream::{self, Recurrent},
    value::Value,
};

/// What a stage remembers; for one that doesn't fit, something that type-checks.
pub trait StateOf<L, X> {
    /// [`Recurrent::State`].
    type State: Clone + Default;
    /// [`Recurrent::TOGETHER`].
    const TOGETHER: [bool; 2];
}

impl<L: Recurrent<X>, X> StateOf<L, X> for Stage<true> {
    type State = L::State;
    const TOGETHER: [bool; 2] = L::TOGETHER;
}

impl<L, X> StateOf<L, X> for Stage<false> {
    type State = ();
    const TOGETHER: [bool; 2] = [false; 2];
}

impl Stage<true> {
    /// [`Recurrent::step`].
    #[inline]
    pub fn step<X, Y: Value, L: Recurrent<X, Output = Y, State = S>, S>(
        layer: &L,
        state: &mut S,
        x: &X,
    ) -> Y {
        layer.step(state, x)
    }

    /// [`Recurrent::stretch`].
    #[inline]
    pub fn stretch<X, Y: Value, L: Recurrent<X, Output = Y, State = S>, S, const N: usize>(
        layer: &L,
        state: &mut S,
        x: &[X; N],
    ) -> [Y; N] {
        layer.stretch(state, x)
    }

    /// [`Recurrent::abreast`].
    #[inline]
    pub fn abreast<X, Y: Value, L: Recurrent<X, Output = Y, State = S>, S, const N: usize>(
        layer: &L,
        states: [&mut S; N],
        x: &[X; N],
    ) -> [Y; N] {
        layer.abreast(states, x)
    }

    /// [`stream::repeat`].
    #[inline]
    pub fn repeat<X: Value, Y: Value, L: Recurrent<X, Output = X, State = S>, S>(
        layers: &[L],
        states: &mut [S],
        x: &X,
    ) -> X {
        stream::repeat(layers, states, x)
    }

    /// [`stream::zip`].
    #[inline]
    #[must_use]
    pub fn zip<X: Value, Y: Value>(zip: Zip, x: X, y: &X) -> X {
        stream::zip(zip, x, y)
    }
}

impl Stage<false> {
    /// As of `flow`.
    #[must_use]
    pub fn step<X, Y: Value, L, S>(_: &L, _: &mut S, _: &X) -> Y {
        unreachable!("a declaration with errors")
    }

    /// As of `flow`.
    #[must_use]
    pub fn stretch<X, Y: Value, L, S, const N: usize>(_: &L, _: &mut S, _: &[X; N]) -> [Y; N] {
        unreachable!("a declaration with errors")
    }

    /// As of `flow`.
    #[must_use]
    pub fn abreast<X, Y: Value, L, S, const N: usize>(_: &L, _: [&mut S; N], _: &[X; N]) -> [Y; N] {
        unreachable!("a declaration with errors")
    }

    /// As of `flow`.
    #[must_use]
    pub fn repeat<X, Y: Value, L, S>(_: &[L], _: &mut [S], _: &X) -> Y {
        unreachable!("a declaration with errors")
    }

    /// As of `flow`.
    #[must_use]
    pub fn zip<X: Value, Y: Value>(_: Zip, _: X, _: &Y) -> X {
        unreachable!("a declaration with errors")
    }
}
