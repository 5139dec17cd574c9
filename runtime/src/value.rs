//! What flows between layers: [`Value`].
#![allow(
    clippy::inline_always,
    reason = "a network of a few layers is one function for each instruction set"
)]

use nalgebra::SVector;

use crate::scalar::Scalar;

/// What flows between layers: for now a vector, [`SVector<T, N>`](SVector).
///
/// Sealed, so that kinds of values (maps, sequences) can be added without breaking anyone.
pub trait Value: Clone + sealed::Sealed + Send + Sync + 'static {
    /// The number type, `f32` or `f64`.
    type Scalar: Scalar;
    /// How many numbers one value holds.
    const LEN: usize;

    /// So many `R`s as the value has numbers.
    #[doc(hidden)]
    type Lanes<R: Copy>: Copy + AsRef<[R]> + AsMut<[R]>;

    /// The value with every number zero.
    fn zeros() -> Self;

    /// The same `R` for each number.
    #[doc(hidden)]
    fn lanes<R: Copy>(each: R) -> Self::Lanes<R>;
    /// The numbers, one after another in memory; the value is nothing else.
    #[doc(hidden)]
    fn as_slice(&self) -> &[Self::Scalar];
    #[doc(hidden)]
    fn as_mut_slice(&mut self) -> &mut [Self::Scalar];
}

impl<T: Scalar, const N: usize> Value for SVector<T, N> {
    type Scalar = T;
    const LEN: usize = N;

    type Lanes<R: Copy> = [R; N];

    fn zeros() -> Self {
        Self::from_element(T::ZERO)
    }

    #[inline(always)]
    fn lanes<R: Copy>(each: R) -> [R; N] {
        [each; N]
    }
    #[inline(always)]
    fn as_slice(&self) -> &[T] {
        self.as_slice()
    }
    #[inline(always)]
    fn as_mut_slice(&mut self) -> &mut [T] {
        self.as_mut_slice()
    }
}

mod sealed {
    pub trait Sealed {}
    impl<T: crate::scalar::Scalar, const N: usize> Sealed for super::SVector<T, N> {}
}
