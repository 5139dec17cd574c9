use crate::{
    activation::Activation,
    backward::{Backward, trainable_by_backward},
    kernels::Function,
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
        /// So many exponentials are calculated at a time.
        const BLOCK: usize = 64;
        let mut largest = T::NEG_INFINITY;
        for &x in x.iter() {
            // A NaN may be lost here; its own difference is NaN again.
            largest = if x > largest { x } else { largest };
        }
        let mut sum = T::ZERO;
        for part in x.chunks_mut(BLOCK) {
            let mut exponentials = [T::ZERO; BLOCK];
            let exponentials = &mut exponentials[..part.len()];
            for (e, x) in exponentials.iter_mut().zip(part) {
                *x -= largest;
                *e = *x;
            }
            let len = exponentials.len();
            T::apply(Function::Exp, exponentials, len);
            for e in exponentials {
                sum += *e;
            }
        }
        let logarithm = T::logarithm(sum);
        for x in x {
            *x -= logarithm;
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
