//! What the networks under test are made of.

use layerwise::{Backward, Layer, Parameters, SVector, network};

/// A size that the macro doesn't know.
pub(crate) const N: usize = 6;

/// Multiplies each feature by a factor of its own.
#[derive(Clone, Parameters)]
pub(crate) struct Scale<const N: usize> {
    pub(crate) factor: SVector<f64, N>,
}

impl<const N: usize> Layer<SVector<f64, N>> for Scale<N> {
    type Output = SVector<f64, N>;
    fn forward(&self, x: &SVector<f64, N>) -> SVector<f64, N> {
        x.component_mul(&self.factor)
    }
}

impl<const N: usize> Backward<SVector<f64, N>> for Scale<N> {
    fn backward(
        &self,
        gradient: &mut Self,
        x: &SVector<f64, N>,
        _: &SVector<f64, N>,
        dy: &SVector<f64, N>,
    ) -> SVector<f64, N> {
        gradient.factor += x.component_mul(dy);
        self.factor.component_mul(dy)
    }
}

network! {
    /// A network inside another.
    #[network(scalar = f64)]
    pub(crate) struct Inner = Linear(6, 5) -> Tanh -> Linear(_, 4);
}
