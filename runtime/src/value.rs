//! What flows between layers: [`Value`].
#![allow(
    clippy::inline_always,
    reason = "a network of a few layers is one function for each instruction set"
)]

use nalgebra::SMatrix;

use crate::{
    image::{Grid, Image},
    scalar::Scalar,
};

/// What flows between layers: a vector, [`SVector<T, N>`](crate::SVector); a window of several
/// channels over some steps, [`SMatrix<T, CHANNELS, STEPS>`](SMatrix); or an [`Image`].
///
/// Sealed, so that kinds of values can be added without breaking anyone.
pub trait Value: Clone + sealed::Sealed + Send + Sync + 'static {
    /// The number type, `f32` or `f64`.
    type Scalar: Scalar;
    /// The lengths of its dimensions.
    const SHAPE: Shape;
    /// How many numbers one value holds.
    const LEN: usize = Self::SHAPE.len();
    /// How many of them are one place's: the features of a vector, which has one place, or the channels
    /// of a step or of a pixel.
    const CHANNELS: usize = Self::SHAPE.channels();

    /// So many `R`s as the value has numbers.
    #[doc(hidden)]
    type Lanes<R: Copy>: Copy + AsRef<[R]> + AsMut<[R]>;

    /// The value with every number zero.
    fn zeros() -> Self;

    /// The same `R` for each number.
    #[doc(hidden)]
    fn lanes<R: Copy>(each: R) -> Self::Lanes<R>;
    /// The numbers, place by place in memory; the value is nothing else.
    #[doc(hidden)]
    fn as_slice(&self) -> &[Self::Scalar];
    #[doc(hidden)]
    fn as_mut_slice(&mut self) -> &mut [Self::Scalar];
}

/// Vectors too, which are matrices with one column.
impl<T: Scalar, const CHANNELS: usize, const STEPS: usize> Value for SMatrix<T, CHANNELS, STEPS> {
    type Scalar = T;
    const SHAPE: Shape = if STEPS == 1 {
        Shape::new(&[CHANNELS])
    } else {
        Shape::new(&[CHANNELS, STEPS])
    };

    type Lanes<R: Copy> = Grid<R, CHANNELS, STEPS, 1>;

    fn zeros() -> Self {
        Self::from_element(T::ZERO)
    }

    #[inline(always)]
    fn lanes<R: Copy>(each: R) -> Self::Lanes<R> {
        Grid([[[each; CHANNELS]; STEPS]; 1])
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

impl<T: Scalar, const CHANNELS: usize, const HEIGHT: usize, const WIDTH: usize> Value
    for Image<T, CHANNELS, HEIGHT, WIDTH>
{
    type Scalar = T;
    const SHAPE: Shape = Shape::new(&[CHANNELS, HEIGHT, WIDTH]);

    type Lanes<R: Copy> = Grid<R, CHANNELS, WIDTH, HEIGHT>;

    fn zeros() -> Self {
        Self::from_element(T::ZERO)
    }

    #[inline(always)]
    fn lanes<R: Copy>(each: R) -> Self::Lanes<R> {
        Grid([[[each; CHANNELS]; WIDTH]; HEIGHT])
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

/// The lengths of a value's dimensions: its features; its channels and steps; or its channels, height
/// and width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    dims: [usize; 3],
    rank: usize,
}

impl Shape {
    /// Of one to three dimensions.
    #[must_use]
    pub const fn new(dims: &[usize]) -> Self {
        let mut shape = Self {
            dims: [1; 3],
            rank: dims.len(),
        };
        let mut index = 0;
        while index < dims.len() {
            shape.dims[index] = dims[index];
            index += 1;
        }
        shape
    }

    /// The lengths.
    #[must_use]
    pub const fn dims(&self) -> &[usize] {
        self.dims.split_at(self.rank).0
    }

    /// One of the lengths; 1 behind the last.
    #[doc(hidden)]
    #[must_use]
    pub const fn dim(&self, index: usize) -> usize {
        self.dims[index]
    }

    /// How many numbers a value has.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "no value is empty")]
    pub const fn len(&self) -> usize {
        self.dims[0] * self.places()
    }

    /// How many numbers each place has.
    #[must_use]
    pub const fn channels(&self) -> usize {
        self.dims[0]
    }

    /// How many places there are: 1 of a vector, the steps of a window, or the pixels of an image.
    #[must_use]
    pub const fn places(&self) -> usize {
        self.dims[1] * self.dims[2]
    }

    /// How many dimensions there are.
    #[doc(hidden)]
    #[must_use]
    pub const fn rank(&self) -> usize {
        self.rank
    }

    /// The same with so many channels.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_channels(mut self, channels: usize) -> Self {
        self.dims[0] = channels;
        self
    }

    /// Whether two are the same.
    #[doc(hidden)]
    #[must_use]
    pub const fn is(&self, other: &Self) -> bool {
        self.rank == other.rank
            && self.dims[0] == other.dims[0]
            && self.dims[1] == other.dims[1]
            && self.dims[2] == other.dims[2]
    }
}

/// A shape as a type: how many dimensions there are, and their lengths.
#[doc(hidden)]
pub struct Of<const RANK: usize, const A: usize, const B: usize, const C: usize>;

/// The values of a shape.
#[doc(hidden)]
pub trait ValueOf<T> {
    /// Of this scalar.
    type Value: Value<Scalar = T>;
}

impl<T: Scalar, const N: usize> ValueOf<T> for Of<1, N, 1, 1> {
    type Value = crate::SVector<T, N>;
}

impl<T: Scalar, const CHANNELS: usize, const STEPS: usize> ValueOf<T>
    for Of<2, CHANNELS, STEPS, 1>
{
    type Value = SMatrix<T, CHANNELS, STEPS>;
}

impl<T: Scalar, const CHANNELS: usize, const HEIGHT: usize, const WIDTH: usize> ValueOf<T>
    for Of<3, CHANNELS, HEIGHT, WIDTH>
{
    type Value = Image<T, CHANNELS, HEIGHT, WIDTH>;
}

/// So many zeros. It is a function of its own: each caller is compiled for each instruction set.
#[inline]
pub(crate) fn many_zeros<X: Value, const N: usize>() -> [X; N] {
    core::array::from_fn(|_| X::zeros())
}

mod sealed {
    pub trait Sealed {}
    impl<T: crate::Scalar, const C: usize, const S: usize> Sealed for super::SMatrix<T, C, S> {}
    impl<T: crate::Scalar, const C: usize, const H: usize, const W: usize> Sealed
        for super::Image<T, C, H, W>
    {
    }
}
