#![allow(unsafe_code, reason = "a kernel takes pointers")]
#![allow(
    clippy::inline_always,
    reason = "a body gets the instruction set of the function that it is inlined into"
)]

use core::ptr;

use nalgebra::SVector;

use super::linear::Bias;
use crate::{
    backward::{Backward, trainable_by_backward},
    flow::Flow,
    kernels::{Normalize, NormalizeBack, dispatch::dispatch, map_row},
    layer::Layer,
    parameters::Parameters,
    scalar::Scalar,
};

/// `y = (x − mean(x)) / √(variance(x) + eps) · weight + bias`, over the features of each sample, as
/// [`torch.nn.LayerNorm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html):
/// `LayerNorm(N)` or `LayerNorm(_)` in a declaration. The variance is divided by N, not N − 1.
///
/// `LayerNorm(N, bias = false)` has [`NoBias`](super::NoBias) in place of the bias, and
/// `LayerNorm(N, elementwise_affine = false)` in place of both vectors.
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(LayerNorm(2));
/// let y = net.forward(&SVector::from([1.0, 3.0]));
/// assert!((y[0] + 1.0).abs() < 1e-4 && (y[1] - 1.0).abs() < 1e-4);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct LayerNorm<T: Scalar, const N: usize, W = SVector<T, N>, B = SVector<T, N>>
where
    W: Bias<T>,
    B: Bias<T>,
{
    /// N factors, 1 at the start, or [`NoBias`](super::NoBias).
    #[parameters(init = 1.0)]
    pub weight: W,
    /// N numbers, 0 at the start, or [`NoBias`](super::NoBias).
    #[parameters(init = 0.0)]
    pub bias: B,
    /// Added to the variance; 1e-5 by default.
    #[parameters(constant = 1e-5)]
    pub eps: f64,
    #[parameters(constant = core::marker::PhantomData)]
    scalar: core::marker::PhantomData<[T; N]>,
}

impl<T: Scalar, const N: usize, W: Bias<T>, B: Bias<T>> LayerNorm<T, N, W, B> {
    #[inline(always)]
    fn normalize(&self) -> Normalize<'_, T> {
        Normalize {
            weight: self.weight.as_slice(),
            bias: self.bias.as_slice(),
            eps: self.eps,
            centers: true,
        }
    }
}

impl<T: Scalar, const N: usize, W: Bias<T>, B: Bias<T>> Layer<SVector<T, N>>
    for LayerNorm<T, N, W, B>
{
    type Output = SVector<T, N>;

    #[inline]
    fn forward(&self, input: &SVector<T, N>) -> SVector<T, N> {
        let mut y = *input;
        map_row(&self.normalize(), y.as_mut_slice());
        y
    }

    #[inline(always)]
    fn flow<F: Flow>(&self, flow: &mut F, x: F::Of<SVector<T, N>>) -> F::Of<SVector<T, N>> {
        flow.row::<SVector<T, N>, _>(&self.normalize(), x)
    }
}

/// `y = x / √(mean(x²) + eps) · weight`, over the features of each sample, as
/// [`torch.nn.RMSNorm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html):
/// `RMSNorm(N)` or `RMSNorm(_)` in a declaration.
///
/// `RMSNorm(N, elementwise_affine = false)` has [`NoBias`](super::NoBias) in place of the vector.
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(RMSNorm(2));
/// let y = net.forward(&SVector::from([3.0, 3.0]));
/// assert!((y[0] - 1.0).abs() < 1e-4);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct RMSNorm<T: Scalar, const N: usize, W = SVector<T, N>>
where
    W: Bias<T>,
{
    /// N factors, 1 at the start, or [`NoBias`](super::NoBias).
    #[parameters(init = 1.0)]
    pub weight: W,
    /// Added to the mean square; by default the distance from 1 to the next number of the scalar.
    #[parameters(constant = T::EPSILON)]
    pub eps: f64,
    #[parameters(constant = core::marker::PhantomData)]
    scalar: core::marker::PhantomData<[T; N]>,
}

impl<T: Scalar, const N: usize, W: Bias<T>> RMSNorm<T, N, W> {
    #[inline(always)]
    fn normalize(&self) -> Normalize<'_, T> {
        Normalize {
            weight: self.weight.as_slice(),
            bias: &[],
            eps: self.eps,
            centers: false,
        }
    }
}

impl<T: Scalar, const N: usize, W: Bias<T>> Layer<SVector<T, N>> for RMSNorm<T, N, W> {
    type Output = SVector<T, N>;

    #[inline]
    fn forward(&self, input: &SVector<T, N>) -> SVector<T, N> {
        let mut y = *input;
        map_row(&self.normalize(), y.as_mut_slice());
        y
    }

    #[inline(always)]
    fn flow<F: Flow>(&self, flow: &mut F, x: F::Of<SVector<T, N>>) -> F::Of<SVector<T, N>> {
        flow.row::<SVector<T, N>, _>(&self.normalize(), x)
    }
}

impl<T: Scalar, const N: usize, W: Bias<T>, B: Bias<T>> Backward<SVector<T, N>>
    for LayerNorm<T, N, W, B>
{
    fn backward(
        &self,
        gradient: &mut Self,
        x: &SVector<T, N>,
        _: &SVector<T, N>,
        dy: &SVector<T, N>,
    ) -> SVector<T, N> {
        let to = (gradient.weight.as_mut_slice(), gradient.bias.as_mut_slice());
        back(self.normalize(), to, x, dy)
    }
}

impl<T: Scalar, const N: usize, W: Bias<T>> Backward<SVector<T, N>> for RMSNorm<T, N, W> {
    fn backward(
        &self,
        gradient: &mut Self,
        x: &SVector<T, N>,
        _: &SVector<T, N>,
        dy: &SVector<T, N>,
    ) -> SVector<T, N> {
        let to = (gradient.weight.as_mut_slice(), &mut [][..]);
        back(self.normalize(), to, x, dy)
    }
}

trainable_by_backward! {
    [<T: Scalar, const N: usize, W: Bias<T>, B: Bias<T>>] [] SVector<T, N>, LayerNorm<T, N, W, B>
}
trainable_by_backward! {
    [<T: Scalar, const N: usize, W: Bias<T>>] [] SVector<T, N>, RMSNorm<T, N, W>
}

/// The gradient of what enters; those of the weight and the bias are added to what is there.
fn back<T: Scalar, const N: usize>(
    normalize: Normalize<'_, T>,
    (dw, db): (&mut [T], &mut [T]),
    x: &SVector<T, N>,
    dy: &SVector<T, N>,
) -> SVector<T, N> {
    let pointer = |numbers: &mut [T]| {
        if numbers.len() == N {
            numbers.as_mut_ptr()
        } else {
            ptr::null_mut()
        }
    };
    let mut dx = SVector::<T, N>::from_element(T::ZERO);
    dispatch(&NormalizeBack {
        normalize,
        x: x.as_ptr(),
        len: N,
        dx: dx.as_mut_ptr(),
        dy: dy.as_ptr(),
        dw: pointer(dw),
        db: pointer(db),
    });
    dx
}
