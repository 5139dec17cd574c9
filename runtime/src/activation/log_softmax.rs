use nalgebra::SVector;

use crate::{
    activation::Activation,
    backward::{Backward, trainable_by_backward},
    flow::Flow,
    kernels::{Function, MapRow, Row, isa::Vector, map_row, math},
    parameters::Parameters,
    scalar::Scalar,
};

/// `xᵢ − m − ln Σⱼ e^(xⱼ − m)` with `m = max(x)`, the logarithm of [`Softmax`](super::Softmax), as
/// [`torch.nn.LogSoftmax`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html).
///
/// As in PyTorch, a NaN or +∞ anywhere, or −∞ everywhere, makes every output NaN.
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(2) -> LogSoftmax);
/// let y = net.forward(&SVector::from([3.0, 3.0]));
/// assert!((y[0] - -0.693_147_2).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct LogSoftmax {
    /// The dimension whose exponentials sum to one, as that of [`Softmax`](super::Softmax).
    #[parameters(constant = -1)]
    pub dim: isize,
}

impl Activation for LogSoftmax {
    #[inline]
    fn apply<T: Scalar>(&self, x: &mut [T]) {
        map_row(&Logarithm, x);
    }

    #[inline(always)]
    fn pass<F: Flow, T: Scalar, const N: usize>(
        &self,
        flow: &mut F,
        x: F::Of<SVector<T, N>>,
    ) -> F::Of<SVector<T, N>> {
        flow.row::<SVector<T, N>, _>(&Logarithm, x)
    }
}

/// Of the softmax of a row.
struct Logarithm;

impl<T: Scalar> MapRow<T> for Logarithm {
    #[inline(always)]
    fn map<R: Row<T>>(&self, row: &mut R) {
        let isa = row.isa();
        let infinity = R::V::splat(isa, T::NEG_INFINITY);
        let zero = R::V::splat(isa, T::ZERO);
        let mut largest = infinity;
        for i in 0..row.vectors() {
            // A NaN may be lost here; its own difference is NaN again.
            largest = largest.max(row.keep(i, row.get(i), infinity));
        }
        let largest = row.largest(largest);
        let mut sum = zero;
        for i in 0..row.vectors() {
            let [e] = math::exp_below_zero(isa, [row.get(i).sub(largest)]);
            sum = sum.add(row.keep(i, e, zero));
        }
        let logarithm = row.once(row.sum(sum), T::logarithm);
        for i in 0..row.vectors() {
            row.set(i, row.get(i).sub(largest).sub(logarithm));
        }
    }
}

impl<T: Scalar, const N: usize> Backward<SVector<T, N>> for LogSoftmax {
    fn backward(
        &self,
        _: &mut Self,
        _: &SVector<T, N>,
        y: &SVector<T, N>,
        dy: &SVector<T, N>,
    ) -> SVector<T, N> {
        let sum = dy.sum();
        let mut softmax = *y;
        T::apply(Function::Exp, softmax.as_mut_slice(), N);
        dy.zip_map(&softmax, |dy, softmax| dy - softmax * sum)
    }
}

trainable_by_backward! { [<T: Scalar, const N: usize>] [] SVector<T, N>, LogSoftmax }
