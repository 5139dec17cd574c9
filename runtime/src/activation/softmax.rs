use crate::{activation::Activation, kernels::Function, parameters::Parameters, scalar::Scalar};

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
        T::apply(Function::Softmax, x, x.len());
    }

    #[inline(always)]
    fn function(&self) -> Option<Function> {
        Some(Function::Softmax)
    }
}

by_function!(Softmax);
