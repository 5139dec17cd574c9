use crate::{
    kernels::{Map, functions, isa::Vector},
    parameters::Parameters,
    scalar::Scalar,
};

const ALPHA: f64 = 1.673_263_242_354_377_2;
const SCALE: f64 = 1.050_700_987_355_480_5;

/// `scale · x` where `x` is positive, else `scale · alpha · (eˣ − 1)`, as
/// [`torch.nn.SELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SELU.html), with
/// `alpha` = 1.6732632423543772… and `scale` = 1.0507009873554805…, by which outputs keep mean 0 and
/// variance 1 (Klambauer et al., [Self-normalizing neural networks](https://arxiv.org/abs/1706.02515)).
///
#[doc = include_str!("plots/selu.svg")]
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(1) -> SELU);
/// let y = net.forward(&SVector::from([-1.0]));
/// assert!((y[0] - -1.111_330_7).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct SELU;

impl Map for SELU {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let scale = V::splat(isa, V::Scalar::from_f64(SCALE));
        let product = V::splat(isa, V::Scalar::from_f64(SCALE * ALPHA));
        let below = product.mul(functions::expm1(isa, zero.min(x)));
        zero.select_less(x, zero.max(x).mul(scale), below)
    }

    #[inline(always)]
    fn is_by_value(&self) -> bool {
        true
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, y: V) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        let scale = V::splat(isa, V::Scalar::from_f64(SCALE));
        let product = V::splat(isa, V::Scalar::from_f64(SCALE * ALPHA));
        zero.select_less(y, scale, y.add(product))
    }
}

elementwise!(SELU);
