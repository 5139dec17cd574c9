#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]

use nalgebra::SVector;

use crate::{
    backward::{Backward, trainable_by_backward},
    flow::{self, Flow},
    kernels::{Map, MapWith, isa::Vector, map_with},
    layer::Layer,
    parameters::Parameters,
    scalar::Scalar,
    value::Value,
};

/// `x` where it is positive, else `weight · x`, as
/// [`torch.nn.PReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html):
/// `PReLU` in a declaration, with one weight for all features, or `PReLU(N)` or `PReLU(_)`, with one
/// for each of the N features, or channels of a window or an image.
///
/// The weights begin as `init`: `PReLU(_, init = 0.1)`; 0.25 by default.
///
/// ```
/// use layerwise::{SVector, network};
///
/// let mut net = network!(Input(2) -> PReLU(_));
/// assert_eq!(net.forward(&SVector::from([-4.0, 3.0])), SVector::from([-1.0, 3.0]));
/// net.prelu0.weight[0] = 2.0;
/// assert_eq!(net.forward(&SVector::from([-4.0, 3.0])), SVector::from([-8.0, 3.0]));
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct PReLU<T: Scalar, const NUM_PARAMETERS: usize = 1> {
    /// The slope for negative `x`: one for all features, or one for each.
    #[parameters(init = 0.25)]
    pub weight: SVector<T, NUM_PARAMETERS>,
}

impl<X: Value, const NUM_PARAMETERS: usize> Layer<X> for PReLU<X::Scalar, NUM_PARAMETERS> {
    type Output = X;

    #[inline]
    fn forward(&self, input: &X) -> X {
        if NUM_PARAMETERS == 1 {
            return flow::forward(self, input);
        }
        let mut output = input.clone();
        map_with(&Slopes, output.as_mut_slice(), [self.weight.as_slice()]);
        output
    }

    #[inline(always)]
    fn flow<F: Flow>(&self, flow: &mut F, x: F::Of<X>) -> F::Of<X> {
        const {
            assert!(
                NUM_PARAMETERS == 1 || NUM_PARAMETERS == X::CHANNELS,
                "`PReLU` has one parameter, or one for each feature or channel"
            );
        }
        match *self.weight.as_slice() {
            [slope] => flow.map::<X, _>(&Slope(slope.to_f64()), x),
            _ => flow.layer(self, x),
        }
    }
}

impl<X: Value, const NUM_PARAMETERS: usize> Backward<X> for PReLU<X::Scalar, NUM_PARAMETERS> {
    fn backward(&self, gradient: &mut Self, x: &X, _: &X, dy: &X) -> X {
        let mut dx = dy.clone();
        for (i, (dx, x)) in dx.as_mut_slice().iter_mut().zip(x.as_slice()).enumerate() {
            if *x <= X::Scalar::ZERO {
                let slope = i % NUM_PARAMETERS.max(1);
                gradient.weight[slope] += *x * *dx;
                *dx *= self.weight[slope];
            }
        }
        dx
    }
}

trainable_by_backward! {
    [<X: Value, const NUM_PARAMETERS: usize>] [] X, PReLU<X::Scalar, NUM_PARAMETERS>
}

/// One for all, which every scalar holds exactly.
struct Slope(f64);

impl Map for Slope {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let slope = V::splat(isa, V::Scalar::from_f64(self.0));
        Slopes.map(isa, x, [slope])
    }

    #[inline(always)]
    fn slope<V: Vector>(&self, isa: V::Isa, x: V) -> V {
        let (zero, one) = (
            V::splat(isa, V::Scalar::ZERO),
            V::splat(isa, V::Scalar::ONE),
        );
        let slope = V::splat(isa, V::Scalar::from_f64(self.0));
        zero.select_less(x, one, slope)
    }
}

/// One for each number.
struct Slopes;

impl MapWith<1> for Slopes {
    #[inline(always)]
    fn map<V: Vector>(&self, isa: V::Isa, x: V, [slope]: [V; 1]) -> V {
        let zero = V::splat(isa, V::Scalar::ZERO);
        // Of the numbers that are not multiplied, none may be too large for a product.
        let below = zero.select_less(x, zero, x);
        zero.select_less(x, x, slope.mul(below))
    }
}
