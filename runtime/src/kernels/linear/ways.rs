//! The ways to compute one sample, of which each is a function of its own in the library.

use core::marker::PhantomData;

use super::{Function, Linear, Sizes, Values, Weights, packed::can_pack};
use crate::{
    kernels::{
        dispatch::Kernel,
        isa::{Isa, Vector},
    },
    scalar::Scalar,
};

/// [`Linear`] for one sample, and the way it goes.
pub(crate) struct OneSample<'a, T, W = Any> {
    weights: Weights<T>,
    values: Values<T>,
    sizes: &'a Sizes,
    function: Function,
    way: PhantomData<W>,
}

impl<'a, T> OneSample<'a, T> {
    /// # Safety
    ///
    /// As of [`Linear::new`].
    #[inline(always)]
    pub(crate) unsafe fn new(
        weights: Weights<T>,
        values: Values<T>,
        sizes: &'a Sizes,
        function: Function,
    ) -> Self {
        Self {
            weights,
            values,
            sizes,
            function,
            way: PhantomData,
        }
    }
}

impl<'a, T: Scalar, W: Way> Kernel for OneSample<'a, T, W> {
    type Output = ();
    type First = Weights<T>;
    type Second = Values<T>;
    type Third = &'a Sizes;
    const CHOOSES: bool = W::CHOOSES;

    #[inline(always)]
    fn parts(self) -> (Weights<T>, Values<T>, &'a Sizes, Function) {
        (self.weights, self.values, self.sizes, self.function)
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        weights: Weights<T>,
        values: Values<T>,
        sizes: &'a Sizes,
        function: Function,
    ) {
        // SAFETY: the operands are what the type says, and whoever chose the way saw to it that it
        // suits the sizes.
        unsafe {
            let linear = Linear::new(weights, values, sizes, 1, function);
            W::run::<T::Vector<I>>(isa, &linear, sizes);
        }
    }
}

/// A way to compute one sample. Each is a function of its own: all together need more registers
/// than there are.
pub(crate) trait Way {
    /// As of [`Kernel`](crate::kernels::Kernel).
    const CHOOSES: bool = false;

    /// `linear` is of one sample and has these sizes.
    ///
    /// # Safety
    ///
    /// The way suits the sizes.
    unsafe fn run<V: Vector>(isa: V::Isa, linear: &Linear<V::Scalar>, sizes: &Sizes);
}

/// Whichever suits.
pub(crate) struct Any;
/// One output, whose weights are neighbours.
pub(crate) struct Single;
/// Few outputs: see [`Linear::packed`].
pub(crate) struct Packed;
/// Any number of outputs.
pub(crate) struct Tiles;

impl Way for Any {
    const CHOOSES: bool = true;

    #[inline(always)]
    unsafe fn run<V: Vector>(isa: V::Isa, linear: &Linear<V::Scalar>, sizes: &Sizes) {
        // SAFETY: each of them suits.
        unsafe {
            if sizes.outputs == 1 {
                linear.by::<V, Single>(isa, sizes);
            } else if can_pack::<V>(sizes) {
                linear.by::<V, Packed>(isa, sizes);
            } else {
                linear.by::<V, Tiles>(isa, sizes);
            }
        }
    }
}

impl Way for Single {
    #[inline(always)]
    unsafe fn run<V: Vector>(isa: V::Isa, linear: &Linear<V::Scalar>, _: &Sizes) {
        // SAFETY: by the caller.
        unsafe { *linear.y = linear.single::<V>(isa) };
    }
}

impl Way for Packed {
    #[inline(always)]
    unsafe fn run<V: Vector>(isa: V::Isa, linear: &Linear<V::Scalar>, _: &Sizes) {
        // SAFETY: by the caller.
        unsafe { linear.packed::<V>(isa) };
    }
}

impl Way for Tiles {
    #[inline(always)]
    unsafe fn run<V: Vector>(isa: V::Isa, linear: &Linear<V::Scalar>, _: &Sizes) {
        // SAFETY: by the caller.
        unsafe {
            linear.tiles::<V, true>(isa);
            if let Function::Softmax = linear.function {
                linear.apply(isa, 0, linear.outputs, 0, 1);
            }
        }
    }
}

impl<T: Scalar> Linear<T> {
    /// The same operands in another way, which suits the sizes.
    #[inline(always)]
    unsafe fn by<V: Vector<Scalar = T>, W: Way>(&self, isa: V::Isa, sizes: &Sizes) {
        let weights = Weights {
            weight: self.weight,
            bias: self.bias,
        };
        let (x, y) = (self.x, self.y);
        isa.call_with::<OneSample<T, W>>((weights, Values { x, y }, sizes, self.function));
    }
}
