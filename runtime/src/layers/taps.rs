#![allow(unsafe_code, reason = "the matrix is its numbers")]

use core::mem::MaybeUninit;

use nalgebra::SMatrix;

use crate::{
    parameters::{
        Parameters,
        layout::{Layout, Tensor},
        place,
    },
    scalar::Scalar,
};

/// A convolution's weight, which PyTorch prints as `[OUT, inputs, WIDTH]` or, over images, as
/// `[OUT, inputs, HEIGHT, WIDTH]`; then `HEIGHT` is not 0. `COLUMNS` is the product of all but `OUT`.
#[derive(Clone, Debug, PartialEq)]
pub struct Taps<
    T: Scalar,
    const OUT: usize,
    const COLUMNS: usize,
    const WIDTH: usize,
    const HEIGHT: usize = 0,
> {
    /// The factors of output `o` for input `i` by the tap in row `h` and column `w` are in row `o` and
    /// column `(h · WIDTH + w) · inputs + i`: in the order in which a window's numbers lie in memory.
    pub numbers: SMatrix<T, OUT, COLUMNS>,
}

// SAFETY: the matrix is its numbers, and the taps divide its columns.
unsafe impl<
    T: Scalar,
    const OUT: usize,
    const COLUMNS: usize,
    const WIDTH: usize,
    const HEIGHT: usize,
> Parameters for Taps<T, OUT, COLUMNS, WIDTH, HEIGHT>
{
    const ZEROS: Self = Self {
        numbers: Parameters::ZEROS,
    };
    const LAYOUT: Layout = {
        let taps = WIDTH * if HEIGHT == 0 { 1 } else { HEIGHT };
        assert!(COLUMNS.is_multiple_of(taps), "each tap has as many inputs");
        let shape = [OUT, COLUMNS / taps, HEIGHT, WIDTH];
        Layout::Tensor(Tensor::taps(shape, T::NAME))
    };

    fn place(place: &mut MaybeUninit<Self>) -> &mut Self {
        crate::__place!(place: numbers: place::zeros)
    }
}
