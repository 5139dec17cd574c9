//! What a layer is: [`Layer`], its values and its numbers.

use nalgebra::SVector;

use crate::{Parameters, Scalar};

/// What flows between layers: for now a vector, [`SVector<T, N>`](SVector).
///
/// Sealed, so that kinds of values (maps, sequences) can be added without breaking anyone.
pub trait Value: Clone + sealed::Sealed + Send + Sync + 'static {
    /// The number type, `f32` or `f64`.
    type Scalar: Scalar;
    /// How many numbers one value holds.
    const LEN: usize;

    /// The value with every number zero.
    fn zeros() -> Self;
}

impl<T: Scalar, const N: usize> Value for SVector<T, N> {
    type Scalar = T;
    const LEN: usize = N;

    fn zeros() -> Self {
        Self::from_element(T::ZERO)
    }
}

/// A function from `Input` to `Output` with its own parameters: a built-in layer, a network, or a
/// type of yours.
///
/// ```
/// use layerwise::{Layer, Parameters, SVector, network};
///
/// /// Multiplies each feature by a factor of its own.
/// #[derive(Clone, Parameters)]
/// pub struct Scale<const N: usize> {
///     pub factor: SVector<f32, N>,
/// }
///
/// impl<const N: usize> Layer<SVector<f32, N>> for Scale<N> {
///     type Output = SVector<f32, N>;
///     fn forward(&self, x: &SVector<f32, N>) -> SVector<f32, N> {
///         x.component_mul(&self.factor)
///     }
/// }
///
/// network! { pub struct Net = Linear(3, 5) -> scale: Scale<5> -> Linear(_, 2); }
/// assert_eq!(Net::PARAMETERS, (3 * 5 + 5) + 5 + (5 * 2 + 2));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer for this input",
    note = "a layer implements `Layer<SVector<f32, N>>` for the N that reaches it, and derives `Clone` and `Parameters`"
)]
pub trait Layer<Input>: Parameters {
    /// What comes out for one `Input`.
    type Output: Value;

    /// Computes the output for one sample.
    fn forward(&self, input: &Input) -> Self::Output;
}

/// `n` copies of a layer, run one after another: what `[chain; n]` is made of.
impl<X: Value, L: Layer<X, Output = X>, const N: usize> Layer<X> for [L; N] {
    type Output = X;

    fn forward(&self, input: &X) -> X {
        self.iter()
            .fold(input.clone(), |value, layer| layer.forward(&value))
    }
}

/// A network that [`network!`](crate::network) declared, for code that is generic over networks.
pub trait Network: Layer<<Self as Network>::Input> {
    /// What enters: `SVector<f32, INPUTS>` unless the declaration says another scalar.
    type Input: Value;
}

mod sealed {
    pub trait Sealed {}
    impl<T: crate::Scalar, const N: usize> Sealed for super::SVector<T, N> {}
}
