use crate::{activation::Activation, kernels::Function, parameters::Parameters, scalar::Scalar};

/// The hyperbolic tangent, as
/// [`torch.nn.Tanh`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanh.html).
///
#[doc = include_str!("plots/tanh.svg")]
///
/// For every `f32` it is within 1.5 units in the last place of the exact value on each instruction
/// set, and it never falls where `x` grows. NaN stays NaN, and −0 stays −0.
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

by_function!(Tanh);
