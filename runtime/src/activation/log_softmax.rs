use crate::{
    activation::Activation,
    backward::{Backward, trainable_by_backward},
    flow::Flow,
    kernels::{Function, MapRow, Row, isa::Vector, map_row, math},
    parameters::Parameters,
    scalar::Scalar,
    value::Value,
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
    fn pass<F: Flow, X: Value>(&self, flow: &mut F, x: F::Of<X>) -> F::Of<X> {
        flow.row::<X, _>(&Logarithm, x)
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

impl<X: Value> Backward<X> for LogSoftmax {
    fn backward(&self, _: &mut Self, _: &X, y: &X, dy: &X) -> X {
        let mut dx = y.clone();
        X::Scalar::apply(Function::Exp, dx.as_mut_slice(), X::LEN);
        let places = dx.as_mut_slice().chunks_mut(X::CHANNELS.max(1));
        for (softmax, dy) in places.zip(dy.as_slice().chunks(X::CHANNELS.max(1))) {
            let sum = dy.iter().fold(X::Scalar::ZERO, |sum, dy| sum + *dy);
            for (softmax, dy) in softmax.iter_mut().zip(dy) {
                *softmax = *dy - *softmax * sum;
            }
        }
        dx
    }
}

trainable_by_backward! { [<X: Value>] [] X, LogSoftmax }
