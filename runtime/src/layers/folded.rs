//! A [`Linear`] and the [`BatchNorm1d`](super::BatchNorm1d) behind it as one.
#![allow(
    unsafe_code,
    clippy::inline_always,
    reason = "columns are a matrix; and a small network is one function for each instruction set"
)]

use core::fmt;

use nalgebra::{SMatrix, SVector};

use super::Linear;
use crate::scalar::Scalar;

/// What a norm and the `Linear` before it make together, calculated while the program compiled. Only
/// a network that nobody can change has it: its copy, in which the numbers it was made of may change,
/// has none.
pub(super) struct Folded<T: 'static, const N: usize>(Option<Columns<T, N>>);

struct Columns<T: 'static, const N: usize> {
    weight: &'static [[T; N]],
    bias: &'static SVector<T, N>,
}

impl<T: Scalar, const N: usize> Folded<T, N> {
    pub(super) const NONE: Self = Self(None);

    pub(super) const fn new<const IN: usize>(linear: &'static Linear<T, IN, N>) -> Self {
        Self(Some(Columns {
            weight: &linear.weight.data.0,
            bias: &linear.bias,
        }))
    }

    /// The weight and the bias.
    #[inline(always)]
    pub(super) fn linear<const IN: usize>(&self) -> Option<(&SMatrix<T, N, IN>, &[T])> {
        let Columns { weight, bias } = self.0.as_ref()?;
        if weight.len() != IN {
            return None;
        }
        // SAFETY: the matrix is nalgebra's `ArrayStorage`, which is its columns, of which there are
        // `IN`.
        let weight = unsafe { &*weight.as_ptr().cast() };
        Some((weight, bias.as_slice()))
    }
}

impl<T, const N: usize> Clone for Folded<T, N> {
    fn clone(&self) -> Self {
        Self(None)
    }
}

/// It says nothing that the layers don't.
impl<T, const N: usize> PartialEq for Folded<T, N> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T, const N: usize> fmt::Debug for Folded<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Folded" } else { "None" })
    }
}
