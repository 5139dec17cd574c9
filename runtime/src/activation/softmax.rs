use crate::{Activation, Parameters, Scalar};

/// `e^(xᵢ − m) / Σⱼ e^(xⱼ − m)` with `m = max(x)`, as
/// [`torch.nn.Softmax`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html).
///
/// No input overflows it, since the largest exponent is 0. As in PyTorch, a NaN or +∞ anywhere, or
/// −∞ everywhere, makes every output NaN.
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Softmax {
    /// The dimension that sums to one. It is −1 or 1, and both are the features: PyTorch counts
    /// the batch as dimension 0.
    #[parameters(constant = -1)]
    pub dim: isize,
}

impl Activation for Softmax {
    #[inline]
    fn apply<T: Scalar>(&self, x: &mut [T]) {
        let max = x
            .iter()
            .fold(T::NEG_INFINITY, |max, &x| if x > max { x } else { max });
        let mut sum = T::ZERO;
        for x in x.iter_mut() {
            *x = (*x - max).exp();
            sum += *x;
        }
        for x in x {
            *x /= sum;
        }
    }
}
