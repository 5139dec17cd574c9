use crate::{
    activation::Activation,
    backward::{Backward, trainable_by_backward},
    flow::Flow,
    kernels::{Function, Map, isa::Vector, map},
    parameters::Parameters,
    scalar::Scalar,
    value::Value,
};

/// The [`Softmax`](super::Softmax) of `−x`, as
/// [`torch.nn.Softmin`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmin.html).
///
/// ```
/// use layerwise::{SVector, network};
///
/// let net = network!(Input(2) -> Softmin);
/// let y = net.forward(&SVector::from([0.0, 1.0]));
/// assert!((y[0] - 0.731_058_6).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct Softmin {
    /// The dimension that sums to one, as that of [`Softmax`](super::Softmax).
    #[parameters(constant = -1)]
    pub dim: isize,
}

impl Activation for Softmin {
    #[inline]
    fn apply<T: Scalar>(&self, x: &mut [T]) {
        map(&Negative, x);
        T::apply(Function::Softmax, x, x.len());
    }

    #[inline(always)]
    fn pass<F: Flow, X: Value>(&self, flow: &mut F, x: F::Of<X>) -> F::Of<X> {
        let negative = flow.map::<X, _>(&Negative, x);
        flow.function::<X>(Function::Softmax, negative)
    }
}

/// `−x`
struct Negative;

impl Map for Negative {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        V::splat(isa, V::Scalar::ZERO).sub(x)
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, _: V) -> V {
        V::splat(isa, V::Scalar::from_f64(-1.0))
    }
}

impl<X: Value> Backward<X> for Softmin {
    fn backward(&self, _: &mut Self, _: &X, y: &X, dy: &X) -> X {
        let mut dx = y.clone();
        let places = dx.as_mut_slice().chunks_mut(X::CHANNELS.max(1));
        for (y, dy) in places.zip(dy.as_slice().chunks(X::CHANNELS.max(1))) {
            let both = y.iter().zip(dy);
            let sum = both.fold(X::Scalar::ZERO, |sum, (y, dy)| sum + *y * *dy);
            for (y, dy) in y.iter_mut().zip(dy) {
                *y *= sum - *dy;
            }
        }
        dx
    }
}

trainable_by_backward! { [<X: Value>] [] X, Softmin }
