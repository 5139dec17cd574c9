use crate::{activation::Activation, kernels::Function, parameters::Parameters, scalar::Scalar};

/// `x` where it is positive, else `negative_slope · x`, as
/// [`torch.nn.LeakyReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html).
///
#[doc = include_str!("plots/leaky_relu.svg")]
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct LeakyReLU {
    /// The slope for negative `x`; 0.01 by default.
    #[parameters(constant = 0.01)]
    pub negative_slope: f64,
}

impl Activation for LeakyReLU {
    #[inline]
    fn apply<T: Scalar>(&self, x: &mut [T]) {
        T::apply(Function::LeakyReLU(self.negative_slope), x, x.len());
    }

    #[inline(always)]
    fn function(&self) -> Option<Function> {
        Some(Function::LeakyReLU(self.negative_slope))
    }
}

by_function!(LeakyReLU);
