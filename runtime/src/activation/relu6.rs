use crate::{activation::Activation, kernels::Function, parameters::Parameters, scalar::Scalar};

/// `min(max(x, 0), 6)`, as
/// [`torch.nn.ReLU6`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU6.html).
/// NaN stays NaN.
///
#[doc = include_str!("plots/relu6.svg")]
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct ReLU6;

impl Activation for ReLU6 {
    #[inline]
    fn apply<T: Scalar>(&self, x: &mut [T]) {
        T::apply(Function::ReLU6, x, x.len());
    }

    #[inline(always)]
    fn function(&self) -> Option<Function> {
        Some(Function::ReLU6)
    }
}

by_function!(ReLU6);
