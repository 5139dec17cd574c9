//! What stands in the place of a stage that may not fit, and of a type that may be no layer: the rest of
//! the network type-checks, so that the one error is not followed by others.

use core::mem::MaybeUninit;

use crate::{
    combine::{Combine, Residual},
    flow::{Flow, record::Record},
    layer::Layer,
    parameters::{Parameters, layout::Layout},
    value::Value,
};

/// Runs a stage that fits; for one that doesn't, whose error has been reported, the rest of the
/// network type-checks.
pub struct Stage<const FITS: bool>;

impl Stage<true> {
    /// What branches make together.
    #[allow(clippy::inline_always, reason = "as it is")]
    #[inline(always)]
    pub fn combine<C: Combine<X, Y, B>, X: Value, Y: Value, B, F: Flow>(
        flow: &mut F,
        x: F::Of<X>,
        branches: B,
    ) -> F::Of<Y> {
        C::flow(flow, x, branches)
    }

    /// [`Residual::close`].
    #[allow(clippy::inline_always, reason = "as it is")]
    #[inline(always)]
    pub fn close<X: Value, Y: Value, F: Flow>(
        flow: &mut F,
        left: F::Of<X>,
        entered: F::Of<X>,
    ) -> F::Of<X> {
        Residual::close(flow, left, entered)
    }

    /// The gradient of what left a residual's chain, which is that of what leaves the residual.
    #[allow(clippy::inline_always, reason = "as it is")]
    #[inline(always)]
    #[must_use]
    pub fn inside<X: Value, Y: Value, F: Record>(dy: F::Slope<X>) -> F::Slope<X> {
        dy
    }

    /// [`Layer::flow`].
    #[allow(clippy::inline_always, reason = "as it is")]
    #[inline(always)]
    pub fn flow<X: Value, Y: Value, L: Layer<X, Output = Y>, F: Flow>(
        layer: &L,
        flow: &mut F,
        x: F::Of<X>,
    ) -> F::Of<Y> {
        layer.flow(flow, x)
    }
}

impl Stage<false> {
    /// As of `flow`.
    #[must_use]
    pub fn combine<C, X: Value, Y: Value, B, F: Flow>(_: &mut F, _: F::Of<X>, _: B) -> F::Of<Y> {
        unreachable!("a declaration with errors")
    }

    /// As of `flow`.
    #[must_use]
    pub fn close<X: Value, Y: Value, F: Flow>(_: &mut F, _: F::Of<Y>, _: F::Of<X>) -> F::Of<X> {
        unreachable!("a declaration with errors")
    }

    /// As of `flow`.
    #[must_use]
    pub fn inside<X: Value, Y: Value, F: Record>(_: F::Slope<X>) -> F::Slope<Y> {
        unreachable!("a declaration with errors")
    }

    /// As of `flow`.
    #[must_use]
    pub fn never<T, U>(_: T) -> U {
        unreachable!("a declaration with errors")
    }

    /// Never runs, since the declaration doesn't compile.
    #[must_use]
    pub fn flow<X: Value, Y: Value, L, F: Flow>(_: &L, _: &mut F, _: F::Of<X>) -> F::Of<Y> {
        unreachable!("a declaration with errors")
    }
}

/// [`Parameters`] for a type that may not implement it: then the constant that says so is in error,
/// and whatever is asked of this with it.
pub struct Own<const IS_LAYER: bool>;

impl Own<true> {
    /// [`Parameters::ZEROS`].
    #[must_use]
    #[inline]
    pub const fn zeros<P: Parameters>() -> P {
        P::ZEROS
    }

    /// [`Parameters::LAYOUT`].
    #[must_use]
    #[inline]
    pub const fn layout<P: Parameters>() -> Layout {
        P::LAYOUT
    }

    /// [`Parameters::place`].
    pub fn place<P: Parameters>(place: &mut MaybeUninit<P>) -> &mut P {
        P::place(place)
    }

    /// [`Clone::clone`].
    pub fn clone<P: Parameters>(value: &P) -> P {
        value.clone()
    }
}
