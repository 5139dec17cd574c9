use crate::{activation::Activation, kernels::Function, parameters::Parameters, scalar::Scalar};

/// `max(x, 0)`, as [`torch.nn.ReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html).
/// NaN stays NaN.
///
#[doc = include_str!("plots/relu.svg")]
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct ReLU;

impl Activation for ReLU {
    #[inline]
    fn apply<T: Scalar>(&self, x: &mut [T]) {
        T::apply(Function::ReLU, x, x.len());
    }

    #[inline(always)]
    fn function(&self) -> Option<Function> {
        Some(Function::ReLU)
    }
}

by_function!(ReLU);
