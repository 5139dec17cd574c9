use crate::{activation::Activation, kernels::Function, parameters::Parameters, scalar::Scalar};

/// `x` itself, as
/// [`torch.nn.Identity`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Identity.html).
///
#[doc = include_str!("plots/identity.svg")]
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Identity;

impl Activation for Identity {
    #[inline]
    fn apply<T: Scalar>(&self, _: &mut [T]) {}

    #[inline(always)]
    fn function(&self) -> Option<Function> {
        Some(Function::Identity)
    }
}

by_function!(Identity);
