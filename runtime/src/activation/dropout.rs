use crate::{activation::Activation, kernels::Function, parameters::Parameters, scalar::Scalar};

/// `x` itself: numbers are dropped in training alone, as by
/// [`torch.nn.Dropout`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html) in
/// `eval()`. It has its place in a chain, so that the stages behind it have PyTorch's numbers.
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Dropout(p = 0.1));
/// assert_eq!(net.forward(&SVector::from([3.0])), SVector::from([3.0]));
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Dropout {
    /// How likely a number is dropped; 0.5 by default.
    #[parameters(constant = 0.5)]
    pub p: f64,
}

impl Activation for Dropout {
    #[inline]
    fn apply<T: Scalar>(&self, _: &mut [T]) {}

    #[inline(always)]
    fn function(&self) -> Option<Function> {
        Some(Function::Identity)
    }
}
