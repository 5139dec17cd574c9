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
};

/// `x` where it is positive, else `weight · x`, as
/// [`torch.nn.PReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html):
/// `PReLU` in a declaration, with one weight for all features, or `PReLU(N)` or `PReLU(_)`, with one
/// for each of the N features.
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

impl<T: Scalar, const NUM_PARAMETERS: usize, const N: usize> Layer<SVector<T, N>>
    for PReLU<T, NUM_PARAMETERS>
{
    type Output = SVector<T, N>;

    #[inline]
    fn forward(&self, input: &SVector<T, N>) -> SVector<T, N> {
        if NUM_PARAMETERS == 1 {
            return flow::forward(self, input);
        }
        let mut output = *input;
        map_with(&Slopes, output.as_mut_slice(), [self.weight.as_slice()]);
        output
    }

    #[inline(always)]
    fn flow<F: Flow>(&self, flow: &mut F, x: F::Of<SVector<T, N>>) -> F::Of<SVector<T, N>> {
        const {
            assert!(
                NUM_PARAMETERS == 1 || NUM_PARAMETERS == N,
                "`PReLU` has one parameter, or one for each feature"
            );
        }
        match *self.weight.as_slice() {
            [slope] => flow.map::<SVector<T, N>, _>(&Slope(slope.to_f64()), x),
            _ => flow.layer(self, x),
        }
    }
}

impl<T: Scalar, const NUM_PARAMETERS: usize, const N: usize> Backward<SVector<T, N>>
    for PReLU<T, NUM_PARAMETERS>
{
    fn backward(
        &self,
        gradient: &mut Self,
        x: &SVector<T, N>,
        _: &SVector<T, N>,
        dy: &SVector<T, N>,
    ) -> SVector<T, N> {
        let last = NUM_PARAMETERS.saturating_sub(1);
        SVector::from_fn(|i, _| {
            if x[i] > T::ZERO {
                return dy[i];
            }
            gradient.weight[i.min(last)] += x[i] * dy[i];
            self.weight[i.min(last)] * dy[i]
        })
    }
}

trainable_by_backward! {
    [<T: Scalar, const NUM_PARAMETERS: usize, const N: usize>] []
    SVector<T, N>, PReLU<T, NUM_PARAMETERS>
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
