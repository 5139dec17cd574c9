#![allow(unsafe_code, reason = "the promise of a trait")]
#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]

use nalgebra::{SMatrix, SVector};

use super::folded::Foldable;
use crate::{
    backward::Trainable,
    flow::{self, Flow, record::Record},
    kernels::Function,
    layer::Layer,
    parameters::Parameters,
    scalar::Scalar,
};

/// `y = weight · x + bias`, as
/// [`torch.nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html):
/// `Linear(IN, OUT)` in a declaration.
///
/// `Linear(IN, OUT, bias = false)` has [`NoBias`] in place of the vector.
///
/// It begins a cache line, and the weights with it: columns across two lines take twice as long.
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
#[repr(C, align(64))]
pub struct Linear<T: Scalar, const IN: usize, const OUT: usize, B = SVector<T, OUT>>
where
    B: Bias<T>,
{
    /// `OUT` rows and `IN` columns, as PyTorch prints it.
    pub weight: SMatrix<T, OUT, IN>,
    /// `OUT` numbers, or [`NoBias`].
    pub bias: B,
}

// SAFETY: no other layer begins its sizes with 0.
unsafe impl<T: Scalar, const IN: usize, const OUT: usize, B: Bias<T>> Foldable<T, OUT>
    for Linear<T, IN, OUT, B>
{
    type Folded = Linear<T, IN, OUT>;
    const SIZES: [usize; 6] = [0, IN, 0, 0, 0, 0];
}

/// In the place of the bias of a [`Linear`] that was declared with `bias = false`.
#[derive(Clone, Copy, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct NoBias;

/// What may stand as a bias: a vector or [`NoBias`].
pub trait Bias<T>: Parameters + core::fmt::Debug + PartialEq {
    /// The bias of each output; empty where there is none.
    fn as_slice(&self) -> &[T];
    /// The same, to be changed.
    fn as_mut_slice(&mut self) -> &mut [T];
}

impl<T: Scalar, const OUT: usize> Bias<T> for SVector<T, OUT> {
    fn as_slice(&self) -> &[T] {
        self.as_slice()
    }
    fn as_mut_slice(&mut self) -> &mut [T] {
        self.as_mut_slice()
    }
}

impl<T> Bias<T> for NoBias {
    fn as_slice(&self) -> &[T] {
        &[]
    }
    fn as_mut_slice(&mut self) -> &mut [T] {
        &mut []
    }
}

impl<T: Scalar, const IN: usize, const OUT: usize, B: Bias<T>> Layer<SVector<T, IN>>
    for Linear<T, IN, OUT, B>
{
    type Output = SVector<T, OUT>;

    #[inline]
    fn forward(&self, input: &SVector<T, IN>) -> SVector<T, OUT> {
        flow::forward(self, input)
    }

    #[inline(always)]
    fn flow<F: Flow>(&self, flow: &mut F, x: F::Of<SVector<T, IN>>) -> F::Of<Self::Output> {
        self.flow_with(flow, x, Function::Identity)
    }

    #[inline(always)]
    fn flow_with<F: Flow>(
        &self,
        flow: &mut F,
        x: F::Of<SVector<T, IN>>,
        function: Function,
    ) -> F::Of<Self::Output> {
        flow.linear(&self.weight, self.bias.as_slice(), x, function)
    }
}

impl<T: Scalar, const IN: usize, const OUT: usize, B: Bias<T>> Trainable<SVector<T, IN>>
    for Linear<T, IN, OUT, B>
{
    type Output = SVector<T, OUT>;
    type Kept<F: Record> = F::Entered<SVector<T, IN>>;

    #[inline(always)]
    fn keep<F: Record>(
        &self,
        flow: &mut F,
        x: F::Of<SVector<T, IN>>,
    ) -> (F::Of<Self::Output>, Self::Kept<F>) {
        self.keep_with(flow, x, Function::Identity)
    }

    #[inline(always)]
    fn keep_with<F: Record>(
        &self,
        flow: &mut F,
        x: F::Of<SVector<T, IN>>,
        function: Function,
    ) -> (F::Of<Self::Output>, Self::Kept<F>) {
        flow.keep_linear(&self.weight, self.bias.as_slice(), x, function)
    }

    #[inline(always)]
    fn back<F: Record, const INPUT: bool>(
        &self,
        gradient: &mut Self,
        flow: &mut F,
        kept: Self::Kept<F>,
        dy: F::Slope<Self::Output>,
    ) -> F::Slope<SVector<T, IN>> {
        let to = (&mut gradient.weight, gradient.bias.as_mut_slice());
        flow.linear_back::<T, IN, OUT, INPUT>(&self.weight, to, kept, dy)
    }
}
