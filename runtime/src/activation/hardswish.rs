use crate::{
    kernels::{Map, isa::Vector},
    parameters::Parameters,
};

/// `x · min(max(x + 3, 0), 6) / 6`, as
/// [`torch.nn.Hardswish`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardswish.html). NaN
/// stays NaN.
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Hardswish);
/// let y = net.forward(&SVector::from([-1.5]));
/// assert!((y[0] - -0.375).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Hardswish;

impl Map for Hardswish {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        x.mul(super::hardsigmoid::hardsigmoid(isa, x))
    }
}

elementwise!(Hardswish);
