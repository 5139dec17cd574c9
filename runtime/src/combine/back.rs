//! The way back through combinators.

use crate::{backward::Trainable, flow::record::Record, kernels::Zip, value::Value};

/// The types of branches, `(First, (Second, ()))`, and the lists of them.
pub trait List {
    /// The branches.
    type Branches<'a>
    where
        Self: 'a;
    /// Their gradients.
    type Gradients<'a>
    where
        Self: 'a;
}

impl List for () {
    type Branches<'a> = ();
    type Gradients<'a> = ();
}

impl<L, Rest: List> List for (L, Rest) {
    type Branches<'a>
        = (&'a L, Rest::Branches<'a>)
    where
        Self: 'a;
    type Gradients<'a>
        = (&'a mut L, Rest::Gradients<'a>)
    where
        Self: 'a;
}

/// A combinator that can be trained, with branches of these types.
pub trait CombineBack<X: Value, Y: Value, L: List> {
    /// What the way back needs of the way there.
    type Kept<F: Record>;

    /// `Combine::flow`, and what the way back needs of it.
    fn keep<F: Record>(
        flow: &mut F,
        x: F::Of<X>,
        branches: L::Branches<'_>,
    ) -> (F::Of<Y>, Self::Kept<F>);

    /// As of [`Trainable::back`].
    fn back<F: Record, const INPUT: bool>(
        flow: &mut F,
        branches: L::Branches<'_>,
        gradients: L::Gradients<'_>,
        kept: Self::Kept<F>,
        dy: F::Slope<Y>,
    ) -> F::Slope<X>;
}

/// Branches that all give a `Y` and can be trained.
pub trait AlikeBack<X: Value, Y: Value>: List {
    /// What the way back needs: for each branch its own, and its output where others are multiplied
    /// by it.
    type Kept<F: Record>;

    /// `Alike::fold`, from the first branch on.
    fn keep<F: Record>(
        flow: &mut F,
        x: F::Of<X>,
        sum: Option<F::Of<Y>>,
        zip: Zip,
        branches: Self::Branches<'_>,
    ) -> (F::Of<Y>, Self::Kept<F>);

    /// `dy` times what the branches gave.
    fn scale<F: Record>(flow: &mut F, dy: F::Slope<Y>, kept: &Self::Kept<F>) -> F::Slope<Y>;

    /// The sum of what the branches give back and `dx`.
    fn back<F: Record, const INPUT: bool>(
        flow: &mut F,
        branches: Self::Branches<'_>,
        gradients: Self::Gradients<'_>,
        kept: Self::Kept<F>,
        dy: F::Slope<Y>,
        dx: Option<F::Slope<X>>,
    ) -> F::Slope<X>;
}

/// One branch, put to what those before it made; its output once more where others are multiplied by
/// it.
#[inline(always)]
fn join<F: Record, Y: Value>(
    flow: &mut F,
    sum: Option<F::Of<Y>>,
    zip: Zip,
    y: F::Of<Y>,
) -> (F::Of<Y>, Option<F::Of<Y>>) {
    let output = match zip {
        Zip::Add => None,
        Zip::Multiply => Some(flow.share(&y)),
    };
    match sum {
        Some(sum) => (flow.zip(zip, sum, y), output),
        None => (y, output),
    }
}

/// The sum of two gradients, if they are read.
#[inline(always)]
pub(super) fn gather<F: Record, X: Value, const INPUT: bool>(
    flow: &mut F,
    sum: Option<F::Slope<X>>,
    dx: F::Slope<X>,
) -> F::Slope<X> {
    match sum {
        Some(sum) if INPUT => flow.add_slopes(sum, dx),
        _ => dx,
    }
}

/// What goes on to the branches of the list that is left.
#[inline(always)]
fn scaled<F: Record, Y: Value>(
    flow: &mut F,
    dy: F::Slope<Y>,
    output: Option<&F::Of<Y>>,
) -> F::Slope<Y> {
    match output {
        Some(output) => flow.scale_slope(dy, output),
        None => dy,
    }
}

impl<X: Value, Y: Value, L: Trainable<X, Output = Y>> AlikeBack<X, Y> for (L, ()) {
    type Kept<F: Record> = (L::Kept<F>, Option<F::Of<Y>>);

    #[inline(always)]
    fn keep<F: Record>(
        flow: &mut F,
        x: F::Of<X>,
        sum: Option<F::Of<Y>>,
        zip: Zip,
        (layer, ()): Self::Branches<'_>,
    ) -> (F::Of<Y>, Self::Kept<F>) {
        let (y, kept) = layer.keep(flow, x);
        let (sum, output) = join(flow, sum, zip, y);
        (sum, (kept, output))
    }

    #[inline(always)]
    fn scale<F: Record>(flow: &mut F, dy: F::Slope<Y>, (_, output): &Self::Kept<F>) -> F::Slope<Y> {
        scaled(flow, dy, output.as_ref())
    }

    #[inline(always)]
    fn back<F: Record, const INPUT: bool>(
        flow: &mut F,
        (layer, ()): Self::Branches<'_>,
        (gradient, ()): Self::Gradients<'_>,
        (kept, _): Self::Kept<F>,
        dy: F::Slope<Y>,
        sum: Option<F::Slope<X>>,
    ) -> F::Slope<X> {
        let dx = layer.back::<F, INPUT>(gradient, flow, kept, dy);
        gather::<F, X, INPUT>(flow, sum, dx)
    }
}

impl<X: Value, Y: Value, L: Trainable<X, Output = Y>, M, Rest: List> AlikeBack<X, Y>
    for (L, (M, Rest))
where
    (M, Rest): AlikeBack<X, Y>,
{
    type Kept<F: Record> = (
        L::Kept<F>,
        Option<F::Of<Y>>,
        <(M, Rest) as AlikeBack<X, Y>>::Kept<F>,
    );

    #[inline(always)]
    fn keep<F: Record>(
        flow: &mut F,
        x: F::Of<X>,
        sum: Option<F::Of<Y>>,
        zip: Zip,
        (layer, rest): Self::Branches<'_>,
    ) -> (F::Of<Y>, Self::Kept<F>) {
        let again = flow.share(&x);
        let (y, kept) = layer.keep(flow, again);
        let (sum, output) = join(flow, sum, zip, y);
        let (sum, others) = <(M, Rest)>::keep(flow, x, Some(sum), zip, rest);
        (sum, (kept, output, others))
    }

    #[inline(always)]
    fn scale<F: Record>(
        flow: &mut F,
        dy: F::Slope<Y>,
        (_, output, others): &Self::Kept<F>,
    ) -> F::Slope<Y> {
        let dy = scaled(flow, dy, output.as_ref());
        <(M, Rest)>::scale(flow, dy, others)
    }

    #[inline(always)]
    fn back<F: Record, const INPUT: bool>(
        flow: &mut F,
        (layer, rest): Self::Branches<'_>,
        (gradient, gradients): Self::Gradients<'_>,
        (kept, output, others): Self::Kept<F>,
        dy: F::Slope<Y>,
        sum: Option<F::Slope<X>>,
    ) -> F::Slope<X> {
        let again = flow.share_slope(&dy);
        let own = <(M, Rest)>::scale(flow, again, &others);
        let dx = layer.back::<F, INPUT>(gradient, flow, kept, own);
        let sum = gather::<F, X, INPUT>(flow, sum, dx);
        let dy = scaled(flow, dy, output.as_ref());
        <(M, Rest)>::back::<F, INPUT>(flow, rest, gradients, others, dy, Some(sum))
    }
}

/// [`CombineBack`] of a combinator whose branches give the same.
macro_rules! alike_back {
    ($Name:ident, $zip:expr) => {
        impl<X: Value, Y: Value, L: $crate::combine::back::AlikeBack<X, Y>>
            $crate::combine::CombineBack<X, Y, L> for $Name
        {
            type Kept<F: $crate::flow::record::Record> = L::Kept<F>;

            #[inline(always)]
            fn keep<F: $crate::flow::record::Record>(
                flow: &mut F,
                x: F::Of<X>,
                branches: L::Branches<'_>,
            ) -> (F::Of<Y>, Self::Kept<F>) {
                L::keep(flow, x, None, $zip, branches)
            }

            #[inline(always)]
            fn back<F: $crate::flow::record::Record, const INPUT: bool>(
                flow: &mut F,
                branches: L::Branches<'_>,
                gradients: L::Gradients<'_>,
                kept: Self::Kept<F>,
                dy: F::Slope<Y>,
            ) -> F::Slope<X> {
                L::back::<F, INPUT>(flow, branches, gradients, kept, dy, None)
            }
        }
    };
}
pub(super) use alike_back;
