//! Images: [`Image`].
#![allow(
    clippy::inline_always,
    reason = "a network of a few layers is one function for each instruction set"
)]

use core::ops::{Index, IndexMut};

use crate::scalar::Scalar;

/// An image of `CHANNELS` numbers a pixel, which are neighbours in memory: pixel by pixel, row by row.
/// PyTorch keeps it channel by channel: [`from_planes`](Self::from_planes) takes that order.
///
/// ```
/// use layerwise::Image;
///
/// let image = Image::<f32, 2, 2, 3>::from_fn(|channel, row, column| {
///     (100 * channel + 10 * row + column) as f32
/// });
/// assert_eq!(image[(1, 0, 2)], 102.0);
/// assert_eq!(image.as_slice()[..4], [0.0, 100.0, 1.0, 101.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(transparent)]
pub struct Image<T, const CHANNELS: usize, const HEIGHT: usize, const WIDTH: usize>(
    Grid<T, CHANNELS, WIDTH, HEIGHT>,
);

impl<T: Scalar, const CHANNELS: usize, const HEIGHT: usize, const WIDTH: usize>
    Image<T, CHANNELS, HEIGHT, WIDTH>
{
    /// An image of what `number` gives for each channel, row and column.
    #[must_use]
    pub fn from_fn(mut number: impl FnMut(usize, usize, usize) -> T) -> Self {
        let mut image = Self::from_element(T::ZERO);
        for (row, pixels) in image.0.0.iter_mut().enumerate() {
            for (column, pixel) in pixels.iter_mut().enumerate() {
                for (channel, to) in pixel.iter_mut().enumerate() {
                    *to = number(channel, row, column);
                }
            }
        }
        image
    }

    /// The same number everywhere.
    #[must_use]
    pub fn from_element(number: T) -> Self {
        Self(Grid([[[number; CHANNELS]; WIDTH]; HEIGHT]))
    }

    /// An image of numbers in PyTorch's order: channel by channel, row by row.
    ///
    /// # Panics
    ///
    /// Where there are not `CHANNELS · HEIGHT · WIDTH` of them.
    #[must_use]
    #[track_caller]
    pub fn from_planes(numbers: &[T]) -> Self {
        Self::check(numbers);
        Self::from_fn(|channel, row, column| numbers[(channel * HEIGHT + row) * WIDTH + column])
    }

    /// An image of numbers as it keeps them: pixel by pixel, row by row.
    ///
    /// # Panics
    ///
    /// Where there are not `CHANNELS · HEIGHT · WIDTH` of them.
    #[must_use]
    #[track_caller]
    pub fn from_pixels(numbers: &[T]) -> Self {
        Self::check(numbers);
        let mut image = Self::from_element(T::ZERO);
        image.as_mut_slice().copy_from_slice(numbers);
        image
    }

    #[track_caller]
    fn check(numbers: &[T]) {
        assert!(
            numbers.len() == CHANNELS * HEIGHT * WIDTH,
            "an image of {CHANNELS}×{HEIGHT}×{WIDTH} has {} numbers, not {}",
            CHANNELS * HEIGHT * WIDTH,
            numbers.len()
        );
    }
}

impl<T, const CHANNELS: usize, const HEIGHT: usize, const WIDTH: usize>
    Image<T, CHANNELS, HEIGHT, WIDTH>
{
    /// The numbers, pixel by pixel, row by row.
    #[must_use]
    #[inline(always)]
    pub fn as_slice(&self) -> &[T] {
        self.0.as_ref()
    }

    /// The same, to be changed.
    #[must_use]
    #[inline(always)]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.0.as_mut()
    }
}

/// `image[(channel, row, column)]`
impl<T, const CHANNELS: usize, const HEIGHT: usize, const WIDTH: usize> Index<(usize, usize, usize)>
    for Image<T, CHANNELS, HEIGHT, WIDTH>
{
    type Output = T;

    #[inline]
    fn index(&self, (channel, row, column): (usize, usize, usize)) -> &T {
        &self.0.0[row][column][channel]
    }
}

impl<T, const CHANNELS: usize, const HEIGHT: usize, const WIDTH: usize>
    IndexMut<(usize, usize, usize)> for Image<T, CHANNELS, HEIGHT, WIDTH>
{
    #[inline]
    fn index_mut(&mut self, (channel, row, column): (usize, usize, usize)) -> &mut T {
        &mut self.0.0[row][column][channel]
    }
}

/// `ROWS` rows of `PLACES` places of `CHANNELS`, one after another in memory.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(transparent)]
pub struct Grid<R, const CHANNELS: usize, const PLACES: usize, const ROWS: usize>(
    pub(crate) [[[R; CHANNELS]; PLACES]; ROWS],
);

impl<R, const CHANNELS: usize, const PLACES: usize, const ROWS: usize> AsRef<[R]>
    for Grid<R, CHANNELS, PLACES, ROWS>
{
    #[inline(always)]
    fn as_ref(&self) -> &[R] {
        self.0.as_flattened().as_flattened()
    }
}

impl<R, const CHANNELS: usize, const PLACES: usize, const ROWS: usize> AsMut<[R]>
    for Grid<R, CHANNELS, PLACES, ROWS>
{
    #[inline(always)]
    fn as_mut(&mut self) -> &mut [R] {
        self.0.as_flattened_mut().as_flattened_mut()
    }
}

/// The numbers in a row.
impl<R, const CHANNELS: usize, const PLACES: usize, const ROWS: usize> Index<usize>
    for Grid<R, CHANNELS, PLACES, ROWS>
{
    type Output = R;

    #[inline(always)]
    fn index(&self, index: usize) -> &R {
        &self.as_ref()[index]
    }
}

impl<R, const CHANNELS: usize, const PLACES: usize, const ROWS: usize> IndexMut<usize>
    for Grid<R, CHANNELS, PLACES, ROWS>
{
    #[inline(always)]
    fn index_mut(&mut self, index: usize) -> &mut R {
        &mut self.as_mut()[index]
    }
}
