use super::Combine;
use crate::{flow::Flow, layer::Layer, value::Value};

/// `Concat(chain, chain, …)`: what they give, one after another.
pub struct Concat;

/// Branches whose outputs have room in a `Y` one after another.
pub trait InTurn<X: Value, Y: Value> {
    /// `y` with the outputs from number `at` on.
    fn put<F: Flow>(self, flow: &mut F, x: F::Of<X>, y: F::Of<Y>, at: usize) -> F::Of<Y>;
}

impl<X: Value, Y: Value, L: Layer<X>> InTurn<X, Y> for (&L, ())
where
    L::Output: Value<Scalar = Y::Scalar>,
{
    #[inline(always)]
    fn put<F: Flow>(self, flow: &mut F, x: F::Of<X>, y: F::Of<Y>, at: usize) -> F::Of<Y> {
        let part = self.0.flow(flow, x);
        flow.put::<L::Output, Y>(y, at, part)
    }
}

impl<X: Value, Y: Value, L: Layer<X>, M, Rest> InTurn<X, Y> for (&L, (&M, Rest))
where
    L::Output: Value<Scalar = Y::Scalar>,
    for<'a> (&'a M, Rest): InTurn<X, Y>,
{
    #[inline(always)]
    fn put<F: Flow>(self, flow: &mut F, x: F::Of<X>, y: F::Of<Y>, at: usize) -> F::Of<Y> {
        let again = flow.share(&x);
        let part = self.0.flow(flow, again);
        let y = flow.put::<L::Output, Y>(y, at, part);
        self.1.put(flow, x, y, at + L::Output::LEN)
    }
}

impl<X: Value, Y: Value, Branches: InTurn<X, Y>> Combine<X, Y, Branches> for Concat {
    #[inline(always)]
    fn flow<F: Flow>(flow: &mut F, x: F::Of<X>, branches: Branches) -> F::Of<Y> {
        let y = flow.room::<Y>();
        branches.put(flow, x, y, 0)
    }
}
