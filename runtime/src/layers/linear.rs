use nalgebra::{SMatrix, SVector};

use crate::{Layer, Parameters, Scalar, Value};

/// `y = weight · x + bias`, as
/// [`torch.nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html):
/// `Linear(IN, OUT)` in a declaration.
///
/// `Linear(IN, OUT, bias = false)` has [`NoBias`] in place of the vector.
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Linear<T: Scalar, const IN: usize, const OUT: usize, B = SVector<T, OUT>>
where
    B: Bias<T>,
{
    /// `OUT` rows and `IN` columns, as PyTorch prints it.
    pub weight: SMatrix<T, OUT, IN>,
    /// `OUT` numbers, or [`NoBias`].
    pub bias: B,
}

/// In the place of the bias of a [`Linear`] that was declared with `bias = false`.
#[derive(Clone, Copy, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct NoBias;

/// What may stand as a bias: a vector or [`NoBias`].
pub trait Bias<T>: Parameters + core::fmt::Debug + PartialEq {
    /// The bias of each output; empty where there is none.
    fn as_slice(&self) -> &[T];
}

impl<T: Scalar, const OUT: usize> Bias<T> for SVector<T, OUT> {
    fn as_slice(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> Bias<T> for NoBias {
    fn as_slice(&self) -> &[T] {
        &[]
    }
}

impl<T: Scalar, const IN: usize, const OUT: usize, B: Bias<T>> Layer<SVector<T, IN>>
    for Linear<T, IN, OUT, B>
{
    type Output = SVector<T, OUT>;

    #[inline]
    fn forward(&self, input: &SVector<T, IN>) -> SVector<T, OUT> {
        let mut output = <Self::Output as Value>::zeros();
        T::linear(
            self.weight.as_slice(),
            self.bias.as_slice(),
            input.as_slice(),
            output.as_mut_slice(),
        );
        output
    }
}
