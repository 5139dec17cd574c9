//! How gradients go back: [`Backward`] for a layer of your own, and what the built-in layers and
//! networks do in its place.
#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]

use crate::{
    flow::{Flow, record::Record},
    kernels::Function,
    layer::Layer,
    value::Value,
};

/// The gradient of a layer of your own, one sample at a time: with it, networks that have the layer
/// can be trained.
///
/// ```
/// use layerwise::{Backward, Layer, MSELoss, Parameters, SGD, SVector, Trainer, network};
///
/// /// Multiplies each feature by a factor of its own.
/// #[derive(Clone, Parameters)]
/// pub struct Scale<const N: usize> {
///     pub factor: SVector<f32, N>,
/// }
///
/// type Features<const N: usize> = SVector<f32, N>;
///
/// impl<const N: usize> Layer<Features<N>> for Scale<N> {
///     type Output = Features<N>;
///     fn forward(&self, x: &Features<N>) -> Features<N> {
///         x.component_mul(&self.factor)
///     }
/// }
///
/// impl<const N: usize> Backward<Features<N>> for Scale<N> {
///     fn backward(
///         &self,
///         gradient: &mut Self,
///         x: &Features<N>,
///         _: &Features<N>,
///         dy: &Features<N>,
///     ) -> Features<N> {
///         gradient.factor += x.component_mul(dy);
///         self.factor.component_mul(dy)
///     }
/// }
///
/// network! { pub struct Net = Linear(3, 5) -> scale: Scale<5> -> Linear(5, 1); }
///
/// let mut trainer = Trainer::new(Net::new(), SGD::new(0.1), MSELoss::new());
/// let (x, y) = ([SVector::from([0.5, -1.0, 2.0])], [SVector::from([1.0])]);
/// let before = trainer.step(&x, &y);
/// assert!(trainer.evaluate(&x, &y) < before);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no gradient, so a network with it can't be trained\n\
               help: write `impl Backward<SVector<f32, N>> for {Self}`, with `N` features that enter it",
    label = "`{Self}` does not implement `Backward`"
)]
pub trait Backward<X: Value>: Layer<X> {
    /// Adds the gradient of the parameters for one sample to `gradient`, and returns that of the
    /// input. `y` is the output for `x`, and `dy` the gradient of the loss with respect to it.
    fn backward(&self, gradient: &mut Self, x: &X, y: &Self::Output, dy: &Self::Output) -> X;
}

/// A layer that can be trained: one that has [`Backward`], a built-in one, or a network of such
/// layers. It is never implemented by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no gradient, so a network with it can't be trained\n\
               help: write `impl Backward<SVector<f32, N>> for {Self}`, with `N` features that enter it",
    label = "`{Self}` does not implement `Backward`"
)]
pub trait Trainable<X: Value>: Sized {
    /// What comes out, as [`Layer::Output`].
    type Output: Value;

    /// What the way back needs of the way there.
    #[doc(hidden)]
    type Kept<F: Record>;

    /// [`Layer::flow`], and what the way back needs of it.
    #[doc(hidden)]
    fn keep<F: Record>(&self, flow: &mut F, x: F::Of<X>) -> (F::Of<Self::Output>, Self::Kept<F>);

    /// [`Layer::flow_with`], and what the way back needs of the layer.
    #[doc(hidden)]
    #[inline(always)]
    fn keep_with<F: Record>(
        &self,
        flow: &mut F,
        x: F::Of<X>,
        function: Function,
    ) -> (F::Of<Self::Output>, Self::Kept<F>) {
        let (y, kept) = self.keep(flow, x);
        (flow.function(function, y), kept)
    }

    /// [`Layer::flow_after`], and what the way back needs of both.
    #[doc(hidden)]
    #[allow(
        clippy::type_complexity,
        reason = "what leaves, and what two layers keep"
    )]
    #[inline(always)]
    fn keep_after<F: Record, W: Value, B: Trainable<W, Output = X>>(
        &self,
        flow: &mut F,
        before: &B,
        x: F::Of<W>,
    ) -> (F::Of<Self::Output>, B::Kept<F>, Self::Kept<F>) {
        let (x, first) = before.keep(flow, x);
        let (y, second) = self.keep(flow, x);
        (y, first, second)
    }

    /// Puts the gradient of the parameters into `gradient`, and returns that of the input, which
    /// nobody reads unless `INPUT`.
    #[doc(hidden)]
    fn back<F: Record, const INPUT: bool>(
        &self,
        gradient: &mut Self,
        flow: &mut F,
        kept: Self::Kept<F>,
        dy: F::Slope<Self::Output>,
    ) -> F::Slope<X>;
}

/// [`Trainable`] of the stage at a place, which bounds name: two stages of one type may take one input
/// whose type is written in two ways, and of two bounds that are the same the compiler goes by neither.
#[doc(hidden)]
pub trait TrainableAt<const PLACE: usize, X: Value>: Sized {
    /// [`Trainable::Output`].
    type Output: Value;

    /// [`Trainable::Kept`].
    type Kept<F: Record>;

    /// [`Trainable::keep`].
    fn keep<F: Record>(&self, flow: &mut F, x: F::Of<X>) -> (F::Of<Self::Output>, Self::Kept<F>);

    /// [`Trainable::back`].
    fn back<F: Record, const INPUT: bool>(
        &self,
        gradient: &mut Self,
        flow: &mut F,
        kept: Self::Kept<F>,
        dy: F::Slope<Self::Output>,
    ) -> F::Slope<X>;
}

impl<const PLACE: usize, X: Value, L: Trainable<X>> TrainableAt<PLACE, X> for L {
    type Output = L::Output;
    type Kept<F: Record> = L::Kept<F>;

    #[inline(always)]
    fn keep<F: Record>(&self, flow: &mut F, x: F::Of<X>) -> (F::Of<Self::Output>, Self::Kept<F>) {
        Trainable::keep(self, flow, x)
    }

    #[inline(always)]
    fn back<F: Record, const INPUT: bool>(
        &self,
        gradient: &mut Self,
        flow: &mut F,
        kept: Self::Kept<F>,
        dy: F::Slope<Self::Output>,
    ) -> F::Slope<X> {
        Trainable::back::<F, INPUT>(self, gradient, flow, kept, dy)
    }
}

/// What [`Trainable`] does for a layer that has [`Backward`]. The derive names this trait, which stands
/// on no other: a bound that implies `Clone` would be an error of its own where that is missing.
#[doc(hidden)]
pub trait Own<X: Value>: Sized {
    /// [`Layer::Output`].
    type Output: Value;

    /// [`Trainable::keep`].
    #[allow(clippy::type_complexity, reason = "what leaves, and what is kept")]
    fn keep<F: Record>(
        &self,
        flow: &mut F,
        x: F::Of<X>,
    ) -> (F::Of<Self::Output>, Kept<F, X, Self::Output>);

    /// [`Trainable::back`].
    fn back<F: Record, const INPUT: bool>(
        &self,
        gradient: &mut Self,
        flow: &mut F,
        kept: Kept<F, X, Self::Output>,
        dy: F::Slope<Self::Output>,
    ) -> F::Slope<X>;
}

/// What enters and what leaves.
#[doc(hidden)]
pub type Kept<F, X, Y> = (<F as Flow>::Of<X>, <F as Flow>::Of<Y>);

impl<X: Value, L: Backward<X>> Own<X> for L {
    type Output = <L as Layer<X>>::Output;

    #[inline(always)]
    fn keep<F: Record>(
        &self,
        flow: &mut F,
        x: F::Of<X>,
    ) -> (F::Of<Self::Output>, Kept<F, X, Self::Output>) {
        let entered = flow.share(&x);
        let y = flow.layer(self, x);
        let left = flow.share(&y);
        (y, (entered, left))
    }

    #[inline(always)]
    fn back<F: Record, const INPUT: bool>(
        &self,
        gradient: &mut Self,
        flow: &mut F,
        kept: Kept<F, X, Self::Output>,
        dy: F::Slope<Self::Output>,
    ) -> F::Slope<X> {
        flow.layer_back::<X, L, INPUT>(self, gradient, kept, dy)
    }
}

/// [`Trainable`] of a layer that has [`Own`].
#[doc(hidden)]
#[macro_export]
macro_rules! __trainable_by_backward {
    ([$($generics:tt)*] [$($bounds:tt)*] $X:ty, $Layer:ty) => {
        #[doc(hidden)]
        impl $($generics)* $crate::Trainable<$X> for $Layer where $($bounds)* {
            type Output = <Self as $crate::backward::Own<$X>>::Output;
            type Kept<__F: $crate::__private::Record> =
                $crate::backward::Kept<__F, $X, <Self as $crate::backward::Own<$X>>::Output>;

            #[allow(clippy::inline_always)]
            #[inline(always)]
            fn keep<__F: $crate::__private::Record>(
                &self,
                flow: &mut __F,
                x: __F::Of<$X>,
            ) -> (__F::Of<Self::Output>, Self::Kept<__F>) {
                $crate::backward::Own::<$X>::keep(self, flow, x)
            }

            #[allow(clippy::inline_always)]
            #[inline(always)]
            fn back<__F: $crate::__private::Record, const __INPUT: $crate::__private::bool>(
                &self,
                gradient: &mut Self,
                flow: &mut __F,
                kept: Self::Kept<__F>,
                dy: __F::Slope<Self::Output>,
            ) -> __F::Slope<$X> {
                $crate::backward::Own::<$X>::back::<__F, __INPUT>(self, gradient, flow, kept, dy)
            }
        }
    };
}
pub(crate) use __trainable_by_backward as trainable_by_backward;

/// `n` copies of a layer, one after another.
impl<X: Value, L: Trainable<X, Output = X>, const N: usize> Trainable<X> for [L; N] {
    type Output = X;
    type Kept<F: Record> = [L::Kept<F>; N];

    #[inline(always)]
    fn keep<F: Record>(&self, flow: &mut F, x: F::Of<X>) -> (F::Of<X>, Self::Kept<F>) {
        // There is always a value, but the compiler can't know it.
        let mut last = Some(x);
        let kept = core::array::from_fn(|copy| {
            let Some(x) = last.take() else {
                unreachable!("each copy leaves a value")
            };
            let (y, kept) = self[copy].keep(flow, x);
            last = Some(y);
            kept
        });
        let Some(y) = last else {
            unreachable!("each copy leaves a value")
        };
        (y, kept)
    }

    #[inline(always)]
    fn back<F: Record, const INPUT: bool>(
        &self,
        gradient: &mut Self,
        flow: &mut F,
        kept: Self::Kept<F>,
        mut dy: F::Slope<X>,
    ) -> F::Slope<X> {
        let mut kept = kept.into_iter();
        for (layer, gradient) in self.iter().zip(gradient).rev() {
            if let Some(kept) = kept.next_back() {
                // The first copy's input may be read by nobody, but the loop is one text for all.
                dy = layer.back::<F, true>(gradient, flow, kept, dy);
            }
        }
        dy
    }
}
