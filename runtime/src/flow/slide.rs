//! Layers that go over a sample's places: convolutions, pools, and what else reads one place in memory
//! and writes another.
#![allow(unsafe_code, reason = "what is written need not have been there")]

use core::mem::MaybeUninit;

use crate::{backward::Backward, kernels::Function, value::Value};

/// A layer that takes each sample by itself, from one place in memory to another. Its gradient doesn't
/// depend on its output.
///
/// # Safety
///
/// [`slide`](Self::slide) and [`slide_before`](Self::slide_before) fill the output, and so does
/// [`slide_halved`](Self::slide_halved) with the numbers that it names where it says that it did.
/// [`slide_back`](Self::slide_back) fills the gradient of the input.
pub unsafe trait Slide<X: Value>: Backward<X> + Sized {
    /// Puts `function` of what the layer gives into `y`.
    fn slide(&self, x: &X, y: &mut MaybeUninit<Self::Output>, function: Function);

    /// Whether it is one linear layer of each place, in which [`slide_before`](Self::slide_before) makes use of
    /// `ahead`. Known to the compiler.
    #[inline(always)]
    fn is_pointwise(&self) -> bool {
        false
    }

    /// [`slide`](Self::slide), which may prefetch numbers from `ahead` on meanwhile, one for each that it writes.
    /// `ahead` may be null.
    #[inline(always)]
    fn slide_before(
        &self,
        x: &X,
        y: &mut MaybeUninit<Self::Output>,
        function: Function,
        _ahead: *const X::Scalar,
    ) {
        self.slide(x, y, function);
    }

    /// Whether it only takes the largest of each 2×2.
    #[inline(always)]
    fn halves(&self) -> bool {
        false
    }

    /// Whether [`slide_halved`](Self::slide_halved) is worth a try with this function. Known to the compiler.
    #[inline(always)]
    fn is_halved(&self, _function: Function) -> bool {
        false
    }

    /// Puts the largest of each 2×2 of what [`slide`](Self::slide) gives into the first numbers of `y`, if it can.
    /// Says whether it did.
    #[inline(always)]
    fn slide_halved(
        &self,
        _x: &X,
        _y: &mut MaybeUninit<Self::Output>,
        _function: Function,
    ) -> bool {
        false
    }

    /// Adds the gradient of the parameters to `gradient`, and puts that of the input into `dx`, if it is
    /// read.
    fn slide_back(
        &self,
        gradient: &mut Self,
        x: &X,
        dy: &Self::Output,
        dx: Option<&mut MaybeUninit<X>>,
    );
}

/// A value of zeros, in its place.
#[inline]
pub(crate) fn zeroed<X: Value>(place: &mut MaybeUninit<X>) -> &mut X {
    // SAFETY: a value is its numbers, and one whose bytes are all zero is zero.
    unsafe {
        place.as_mut_ptr().write_bytes(0, 1);
        place.assume_init_mut()
    }
}

/// [`Layer::forward`](crate::Layer::forward) of such a layer.
#[inline]
pub fn forward<X: Value, L: Slide<X>>(layer: &L, x: &X) -> L::Output {
    let mut y = MaybeUninit::uninit();
    layer.slide(x, &mut y, Function::Identity);
    // SAFETY: it is filled.
    unsafe { y.assume_init() }
}

/// [`Backward::backward`] of such a layer.
pub fn backward<X: Value, L: Slide<X>>(layer: &L, gradient: &mut L, x: &X, dy: &L::Output) -> X {
    let mut dx = MaybeUninit::uninit();
    layer.slide_back(gradient, x, dy, Some(&mut dx));
    // SAFETY: it is filled.
    unsafe { dx.assume_init() }
}

/// [`Layer`](crate::Layer) and [`Trainable`](crate::backward::Trainable) of a layer that slides: from what it takes to
/// what it gives.
macro_rules! slides {
    ([$($generics:tt)*] $X:ty => $Y:ty, $Layer:ty) => {
        impl $($generics)* $crate::layer::Layer<$X> for $Layer {
            type Output = $Y;

            #[inline]
            fn forward(&self, input: &$X) -> $Y {
                $crate::flow::slide::forward(self, input)
            }

            #[inline(always)]
            fn flow<F: $crate::flow::Flow>(&self, flow: &mut F, x: F::Of<$X>) -> F::Of<$Y> {
                flow.slide::<$X, Self>(self, x, $crate::kernels::Function::Identity)
            }

            #[inline(always)]
            fn flow_with<F: $crate::flow::Flow>(
                &self,
                flow: &mut F,
                x: F::Of<$X>,
                function: $crate::kernels::Function,
            ) -> F::Of<$Y> {
                flow.slide::<$X, Self>(self, x, function)
            }

            #[inline(always)]
            fn flow_pooled<F: $crate::flow::Flow, Act, Pool>(
                &self,
                flow: &mut F,
                x: F::Of<$X>,
                activation: &Act,
                pool: &Pool,
            ) -> F::Of<Pool::Output>
            where
                Act: $crate::activation::Activation,
                Pool: $crate::flow::slide::Slide<$Y>,
            {
                match activation.function() {
                    Some(function) => flow.pooled::<$X, Self, Pool>(self, pool, x, function),
                    None => {
                        let x = activation.flow_after(flow, self, x);
                        pool.flow(flow, x)
                    }
                }
            }
        }

        #[diagnostic::do_not_recommend]
        impl $($generics)* $crate::backward::Backward<$X> for $Layer {
            fn backward(&self, gradient: &mut Self, x: &$X, _: &$Y, dy: &$Y) -> $X {
                $crate::flow::slide::backward(self, gradient, x, dy)
            }
        }

        impl $($generics)* $crate::backward::Trainable<$X> for $Layer {
            type Output = $Y;
            type Kept<F: $crate::flow::record::Record> = F::Of<$X>;

            #[inline(always)]
            fn keep<F: $crate::flow::record::Record>(
                &self,
                flow: &mut F,
                x: F::Of<$X>,
            ) -> (F::Of<$Y>, Self::Kept<F>) {
                self.keep_with(flow, x, $crate::kernels::Function::Identity)
            }

            #[inline(always)]
            fn keep_with<F: $crate::flow::record::Record>(
                &self,
                flow: &mut F,
                x: F::Of<$X>,
                function: $crate::kernels::Function,
            ) -> (F::Of<$Y>, Self::Kept<F>) {
                let kept = flow.share::<$X>(&x);
                (flow.slide::<$X, Self>(self, x, function), kept)
            }

            #[inline(always)]
            fn back<F: $crate::flow::record::Record, const INPUT: bool>(
                &self,
                gradient: &mut Self,
                flow: &mut F,
                kept: Self::Kept<F>,
                dy: F::Slope<$Y>,
            ) -> F::Slope<$X> {
                flow.slide_back::<$X, Self, INPUT>(self, gradient, kept, dy)
            }
        }
    };
}
pub(crate) use slides;
