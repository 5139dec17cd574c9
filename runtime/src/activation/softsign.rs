use crate::{
    kernels::{Map, isa::Vector},
    parameters::Parameters,
    scalar::Scalar,
};

/// `x / (1 + |x|)`, as
/// [`torch.nn.Softsign`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softsign.html). As in
/// PyTorch, an infinity gives NaN.
///
#[doc = include_str!("plots/softsign.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> Softsign);
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - -0.5).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Softsign;

impl Map for Softsign {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let one = V::splat(isa, V::Scalar::ONE);
        x.div(one.add(x.abs(isa)))
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let one = V::splat(isa, V::Scalar::ONE);
        let root = one.div(one.add(x.abs(isa)));
        root.mul(root)
    }
}

elementwise!(Softsign);
