//! The number types a network can be made of.

use crate::kernels;

/// `f32` or `f64`: the type of every weight and activation of a network, chosen by
/// `#[network(scalar = f64)]`.
pub trait Scalar:
    nalgebra::Scalar + Copy + Default + PartialOrd + Send + Sync + nalgebra::Field + sealed::Sealed
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// −∞.
    const NEG_INFINITY: Self;
    /// The type's name in Rust, `"f32"` or `"f64"`.
    const NAME: &'static str;

    /// The nearest value of this type (ties to even).
    fn from_f64(value: f64) -> Self;
    /// The same value in `f64`; exact.
    fn to_f64(self) -> f64;
    /// The absolute value.
    #[must_use]
    fn abs(self) -> Self;
    /// eˣ.
    #[must_use]
    fn exp(self) -> Self;
    /// The hyperbolic tangent.
    #[must_use]
    fn tanh(self) -> Self;
    /// The logistic function 1 / (1 + e⁻ˣ).
    #[must_use]
    fn sigmoid(self) -> Self;

    /// `y ← weight · x + bias`, with `weight` column by column (`y.len()` × `x.len()`); without a
    /// bias where `bias` is empty. Compiled with this library, not with the code that calls it.
    #[doc(hidden)]
    fn linear(weight: &[Self], bias: &[Self], x: &[Self], y: &mut [Self]);
}

macro_rules! scalar {
    ($T:ident, $math:ident) => {
        impl Scalar for $T {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const NEG_INFINITY: Self = Self::NEG_INFINITY;
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
                kernels::$math::exp(self)
            }
            #[inline]
            fn tanh(self) -> Self {
                kernels::$math::tanh(self)
            }
            #[inline]
            fn sigmoid(self) -> Self {
                kernels::$math::sigmoid(self)
            }
            fn linear(weight: &[Self], bias: &[Self], x: &[Self], y: &mut [Self]) {
                kernels::linear(weight, bias, x, y);
            }
        }
    };
}

scalar!(f32, math32);
scalar!(f64, math64);

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}
