use crate::{activation::Activation, kernels::Function, parameters::Parameters, scalar::Scalar};

/// The hyperbolic tangent, as
/// [`torch.nn.Tanh`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanh.html).
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Tanh;

impl Activation for Tanh {
    #[inline]
    fn apply<T: Scalar>(&self, x: &mut [T]) {
        T::apply(Function::Tanh, x, x.len());
    }

    #[inline(always)]
    fn function(&self) -> Option<Function> {
        Some(Function::Tanh)
    }
}
