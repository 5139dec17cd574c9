//! The number types a network can be made of.

#![allow(unsafe_code, reason = "a kernel takes pointers")]

use crate::kernels::{
    Apply, BackEach, Convolution, ConvolutionBack, Function, InputGradient, Linear, OneSample,
    Sizes, Values, WeightGradient, Weights, ZipEach,
    dispatch::dispatch,
    functions,
    isa::{Isa, Lane, Portable, Vector},
    math,
};

/// `f32` or `f64`: the type of every weight and activation of a network, chosen by
/// `#[network(scalar = f64)]`.
pub trait Scalar:
    nalgebra::Scalar
    + Copy
    + Default
    + PartialOrd
    + Send
    + Sync
    + nalgebra::Field
    + math::Constants
    + sealed::Sealed
{
    /// The registers of an instruction set that hold this type.
    #[doc(hidden)]
    type Vector<I: Isa>: Vector<Scalar = Self, Isa = I>;

    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// −∞.
    const NEG_INFINITY: Self;
    /// From 1 to the next number.
    #[doc(hidden)]
    const EPSILON: f64;
    /// The type's name in Rust, `"f32"` or `"f64"`.
    const NAME: &'static str;

    /// The nearest value of this type (ties to even).
    fn from_f64(value: f64) -> Self;
    /// The same value in `f64`; exact.
    fn to_f64(self) -> f64;
    /// The absolute value.
    #[must_use]
    fn abs(self) -> Self;
    /// eˣ, within 1.5 units in the last place.
    #[must_use]
    fn exp(self) -> Self;
    /// The hyperbolic tangent, within 1.5 units in the last place.
    #[must_use]
    fn tanh(self) -> Self;
    /// The natural logarithm of a number that is 1 or more.
    #[doc(hidden)]
    #[must_use]
    fn logarithm(self) -> Self;
    /// The logistic function 1 / (1 + e⁻ˣ), within 2.5 units in the last place.
    #[must_use]
    fn sigmoid(self) -> Self;

    /// `y ← function(weight · x + bias)` for each sample. Compiled with this library, not with the
    /// code that calls it.
    #[doc(hidden)]
    fn linear(operands: &Linear<Self>);

    /// The same for one sample.
    ///
    /// # Safety
    ///
    /// As of [`Linear::new`].
    #[doc(hidden)]
    unsafe fn linear_one(
        weights: Weights<Self>,
        values: Values<Self>,
        sizes: &Sizes,
        function: Function,
    );

    /// The gradient of a linear layer's weights. Compiled with this library.
    #[doc(hidden)]
    fn weight_gradient(operands: &WeightGradient<Self>);

    /// The gradient of what enters a linear layer. Compiled with this library.
    #[doc(hidden)]
    fn input_gradient(operands: &InputGradient<Self>);

    /// A convolution. Compiled with this library. Says whether it did what it was to do.
    #[doc(hidden)]
    fn convolution(operands: &Convolution<Self>) -> bool;

    /// The gradients of a convolution. Compiled with this library.
    #[doc(hidden)]
    fn convolution_back(operands: &ConvolutionBack<Self>);

    /// Replaces each row of `width` numbers by the function's output. Compiled with this library.
    #[doc(hidden)]
    fn apply(function: Function, x: &mut [Self], width: usize);

    /// The gradient of what enters a function. Compiled with this library.
    #[doc(hidden)]
    fn function_back(operands: &BackEach<Self>);

    /// What two values make, in place of the first. Compiled with this library.
    #[doc(hidden)]
    fn zip(operands: ZipEach<Self>);
}

macro_rules! scalar {
    ($T:ident, $Vector:ident) => {
        impl Scalar for $T {
            type Vector<I: Isa> = I::$Vector;

            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const NEG_INFINITY: Self = Self::NEG_INFINITY;
            #[allow(clippy::cast_lossless, reason = "one text for both types")]
            const EPSILON: f64 = $T::EPSILON as f64;
            const NAME: &'static str = stringify!($T);

            #[inline]
            #[allow(clippy::cast_lossless, reason = "one text for both types")]
            fn from_f64(value: f64) -> Self {
                value as Self
            }
            #[inline]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline]
            fn abs(self) -> Self {
                $T::abs(self)
            }
            #[inline]
            fn exp(self) -> Self {
                math::exp(Portable, [Lane(self)])[0].0
            }
            #[inline]
            fn tanh(self) -> Self {
                math::tanh(Portable, [Lane(self)])[0].0
            }
            #[inline]
            fn logarithm(self) -> Self {
                Self::from_f64(functions::log(self.to_f64()))
            }
            #[inline]
            fn sigmoid(self) -> Self {
                math::sigmoid(Portable, [Lane(self)])[0].0
            }

            unsafe fn linear_one(
                weights: Weights<Self>,
                values: Values<Self>,
                sizes: &Sizes,
                function: Function,
            ) {
                // SAFETY: by the caller.
                dispatch(unsafe { OneSample::new(weights, values, sizes, function) });
            }
            fn linear(operands: &Linear<Self>) {
                dispatch(operands);
            }
            fn weight_gradient(operands: &WeightGradient<Self>) {
                dispatch(operands);
            }
            fn input_gradient(operands: &InputGradient<Self>) {
                dispatch(operands);
            }
            fn convolution(operands: &Convolution<Self>) -> bool {
                dispatch(operands)
            }
            fn convolution_back(operands: &ConvolutionBack<Self>) {
                dispatch(operands);
            }
            fn function_back(operands: &BackEach<Self>) {
                dispatch(operands);
            }
            fn zip(operands: ZipEach<Self>) {
                dispatch(operands);
            }
            fn apply(function: Function, x: &mut [Self], width: usize) {
                if let Some(rows) = x.len().checked_div(width) {
                    dispatch(Apply {
                        function,
                        x: x.as_mut_ptr(),
                        width,
                        stride: width,
                        rows,
                    });
                }
            }
        }
    };
}

scalar!(f32, F32);
scalar!(f64, F64);

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}
