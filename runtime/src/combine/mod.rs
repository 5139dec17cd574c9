//! The combinators: what chains side by side, which all get the same input, make together. A
//! declaration's struct holds the branches, and says here how they are put together.
#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]

mod add;
mod back;
mod concat;
mod multiply;
mod residual;

pub use add::Add;
pub use back::{CombineBack, List};
pub use concat::Concat;
pub use multiply::Multiply;
pub use residual::Residual;

use crate::{flow::Flow, kernels::Zip, layer::Layer, value::Value};

/// How branches that all get an `X` make a `Y`. They are a list, `(&first, (&second, ()))`.
pub trait Combine<X: Value, Y: Value, Branches> {
    /// What they make of `x`.
    fn flow<F: Flow>(flow: &mut F, x: F::Of<X>, branches: Branches) -> F::Of<Y>;
}

/// Branches that all give a `Y`.
pub trait Alike<X: Value, Y: Value> {
    /// What the branches and `sum` make together, from the first to the last.
    fn fold<F: Flow>(self, flow: &mut F, x: F::Of<X>, sum: F::Of<Y>, zip: Zip) -> F::Of<Y>;
}

impl<X: Value, Y: Value, L: Layer<X, Output = Y>> Alike<X, Y> for (&L, ()) {
    #[inline(always)]
    fn fold<F: Flow>(self, flow: &mut F, x: F::Of<X>, sum: F::Of<Y>, zip: Zip) -> F::Of<Y> {
        let y = self.0.flow(flow, x);
        flow.zip(zip, sum, y)
    }
}

impl<X: Value, Y: Value, L: Layer<X, Output = Y>, M, Rest> Alike<X, Y> for (&L, (&M, Rest))
where
    for<'a> (&'a M, Rest): Alike<X, Y>,
{
    #[inline(always)]
    fn fold<F: Flow>(self, flow: &mut F, x: F::Of<X>, sum: F::Of<Y>, zip: Zip) -> F::Of<Y> {
        let again = flow.share(&x);
        let y = self.0.flow(flow, again);
        let sum = flow.zip(zip, sum, y);
        self.1.fold(flow, x, sum, zip)
    }
}

/// The first branch, and what the others make with it.
#[inline(always)]
fn fold<F: Flow, X: Value, Y: Value, L: Layer<X, Output = Y>, Rest: Alike<X, Y>>(
    flow: &mut F,
    x: F::Of<X>,
    (first, rest): (&L, Rest),
    zip: Zip,
) -> F::Of<Y> {
    let again = flow.share(&x);
    let sum = first.flow(flow, again);
    rest.fold(flow, x, sum, zip)
}
