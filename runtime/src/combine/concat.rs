use super::{
    Combine,
    back::{CombineBack, List, gather},
};
use crate::{
    backward::Trainable,
    flow::{Flow, record::Record},
    layer::Layer,
    value::Value,
};

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
        self.1.put(flow, x, y, at + L::Output::CHANNELS)
    }
}

impl<X: Value, Y: Value, Branches: InTurn<X, Y>> Combine<X, Y, Branches> for Concat {
    #[inline(always)]
    fn flow<F: Flow>(flow: &mut F, x: F::Of<X>, branches: Branches) -> F::Of<Y> {
        let y = flow.room::<Y>();
        branches.put(flow, x, y, 0)
    }
}

/// [`InTurn`] that can be trained.
pub trait InTurnBack<X: Value, Y: Value>: List {
    /// What the way back needs of each branch.
    type Kept<F: Record>;

    /// [`InTurn::put`], and what the way back needs of it.
    fn keep<F: Record>(
        flow: &mut F,
        x: F::Of<X>,
        y: F::Of<Y>,
        at: usize,
        branches: Self::Branches<'_>,
    ) -> (F::Of<Y>, Self::Kept<F>);

    /// The sum of what the branches give back and `dx`.
    fn back<F: Record, const INPUT: bool>(
        flow: &mut F,
        branches: Self::Branches<'_>,
        gradients: Self::Gradients<'_>,
        kept: Self::Kept<F>,
        dy: F::Slope<Y>,
        at: usize,
        dx: Option<F::Slope<X>>,
    ) -> F::Slope<X>;
}

impl<X: Value, Y: Value> InTurnBack<X, Y> for () {
    type Kept<F: Record> = ();

    #[inline(always)]
    fn keep<F: Record>(
        _: &mut F,
        _: F::Of<X>,
        y: F::Of<Y>,
        _: usize,
        (): (),
    ) -> (F::Of<Y>, Self::Kept<F>) {
        (y, ())
    }

    #[inline(always)]
    fn back<F: Record, const INPUT: bool>(
        flow: &mut F,
        (): (),
        (): (),
        (): (),
        _: F::Slope<Y>,
        _: usize,
        dx: Option<F::Slope<X>>,
    ) -> F::Slope<X> {
        dx.unwrap_or_else(|| flow.nothing())
    }
}

impl<X: Value, Y: Value, L: Trainable<X>, Rest: InTurnBack<X, Y>> InTurnBack<X, Y> for (L, Rest)
where
    L::Output: Value<Scalar = Y::Scalar>,
{
    type Kept<F: Record> = (L::Kept<F>, Rest::Kept<F>);

    #[inline(always)]
    fn keep<F: Record>(
        flow: &mut F,
        x: F::Of<X>,
        y: F::Of<Y>,
        at: usize,
        (layer, rest): Self::Branches<'_>,
    ) -> (F::Of<Y>, Self::Kept<F>) {
        let again = flow.share(&x);
        let (part, kept) = layer.keep(flow, again);
        let y = flow.put::<L::Output, Y>(y, at, part);
        let (y, others) = Rest::keep(flow, x, y, at + L::Output::CHANNELS, rest);
        (y, (kept, others))
    }

    #[inline(always)]
    fn back<F: Record, const INPUT: bool>(
        flow: &mut F,
        (layer, rest): Self::Branches<'_>,
        (gradient, gradients): Self::Gradients<'_>,
        (kept, others): Self::Kept<F>,
        dy: F::Slope<Y>,
        at: usize,
        sum: Option<F::Slope<X>>,
    ) -> F::Slope<X> {
        let part = flow.part::<L::Output, Y>(&dy, at);
        let dx = layer.back::<F, INPUT>(gradient, flow, kept, part);
        let sum = Some(gather::<F, X, INPUT>(flow, sum, dx));
        let at = at + L::Output::CHANNELS;
        Rest::back::<F, INPUT>(flow, rest, gradients, others, dy, at, sum)
    }
}

impl<X: Value, Y: Value, L: InTurnBack<X, Y>> CombineBack<X, Y, L> for Concat {
    type Kept<F: Record> = L::Kept<F>;

    #[inline(always)]
    fn keep<F: Record>(
        flow: &mut F,
        x: F::Of<X>,
        branches: L::Branches<'_>,
    ) -> (F::Of<Y>, Self::Kept<F>) {
        let y = flow.room::<Y>();
        L::keep(flow, x, y, 0, branches)
    }

    #[inline(always)]
    fn back<F: Record, const INPUT: bool>(
        flow: &mut F,
        branches: L::Branches<'_>,
        gradients: L::Gradients<'_>,
        kept: Self::Kept<F>,
        dy: F::Slope<Y>,
    ) -> F::Slope<X> {
        L::back::<F, INPUT>(flow, branches, gradients, kept, dy, 0, None)
    }
}
