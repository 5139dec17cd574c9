//! What a layer is: [`Layer`].
#![allow(
    clippy::inline_always,
    reason = "a network of a few layers is one function for each instruction set"
)]

use crate::{
    activation::Activation,
    flow::{Flow, batch, slide::Slide, tape::AnyRoom},
    kernels::Function,
    parameters::Parameters,
    stream::Recurrent,
    value::Value,
};

/// A function from `Input` to `Output` with its own parameters: a built-in layer, a network, or a
/// type of yours, whose tensors start at random unless they say otherwise (`#[parameters(init = 1.0)]`,
/// [`Parameters`]), and which needs [`Backward`](crate::Backward) to be trained.
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

    /// The same for whatever stands for a value; a layer that is made of others hands on the flow.
    #[doc(hidden)]
    #[inline(always)]
    fn flow<F: Flow>(&self, flow: &mut F, x: F::Of<Input>) -> F::Of<Self::Output>
    where
        Input: Value,
    {
        flow.layer(self, x)
    }

    /// `function` of the output.
    #[doc(hidden)]
    #[inline(always)]
    fn flow_with<F: Flow>(
        &self,
        flow: &mut F,
        x: F::Of<Input>,
        function: Function,
    ) -> F::Of<Self::Output>
    where
        Input: Value,
    {
        let y = self.flow(flow, x);
        flow.function(function, y)
    }

    /// The output for that of `before`, to which an activation adds itself.
    #[doc(hidden)]
    #[inline(always)]
    fn flow_after<F: Flow, X: Value, B: Layer<X, Output = Input>>(
        &self,
        flow: &mut F,
        before: &B,
        x: F::Of<X>,
    ) -> F::Of<Self::Output>
    where
        Input: Value,
    {
        let x = before.flow(flow, x);
        self.flow(flow, x)
    }

    /// What a pool makes of the activation of the output.
    #[doc(hidden)]
    #[inline(always)]
    fn flow_pooled<F: Flow, A: Activation, P: Slide<Self::Output>>(
        &self,
        flow: &mut F,
        x: F::Of<Input>,
        activation: &A,
        pool: &P,
    ) -> F::Of<P::Output>
    where
        Input: Value,
        Self: Sized,
    {
        let x = activation.flow_after(flow, self, x);
        pool.flow(flow, x)
    }

    /// The same for a step of a stream.
    #[doc(hidden)]
    #[inline]
    fn step_after<X, B: Recurrent<X, Output = Input>>(
        &self,
        before: &B,
        state: &mut B::State,
        x: &X,
    ) -> Self::Output
    where
        Input: Value,
    {
        self.forward(&before.step(state, x))
    }
}

/// `n` copies of a layer, run one after another: what `[chain; n]` is made of.
impl<X: Value, L: Layer<X, Output = X>, const N: usize> Layer<X> for [L; N] {
    type Output = X;

    fn forward(&self, input: &X) -> X {
        self.iter()
            .fold(input.clone(), |value, layer| layer.forward(&value))
    }

    #[inline(always)]
    fn flow<F: Flow>(&self, flow: &mut F, mut x: F::Of<X>) -> F::Of<X> {
        for layer in self {
            x = layer.flow(flow, x);
        }
        x
    }
}

/// A network that [`network!`](crate::network) declared, for code that is generic over networks.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no network that answers each input by itself",
    label = "not declared by `network!`, or one that begins with `Stream`",
    note = "a network that begins with `Stream` has `step`, and is trained in PyTorch"
)]
///
/// ```
/// use layerwise::{Layer, Network, SVector, network};
///
/// fn largest<N>(network: &N, inputs: &[SVector<f32, 2>; 64]) -> f32
/// where
///     N: Network<Input = SVector<f32, 2>> + Layer<SVector<f32, 2>, Output = SVector<f32, 1>>,
/// {
///     let mut outputs = [SVector::zeros(); 64];
///     network.forward_batch(inputs, &mut outputs);
///     outputs.iter().map(|output| output[0]).fold(f32::NEG_INFINITY, f32::max)
/// }
///
/// network! { struct Net = Linear(2, 8) -> ReLU -> Linear(8, 1) -> Sigmoid; }
/// let inputs = [SVector::from([0.5, -0.5]); 64];
/// assert!((largest(&Net::new(), &inputs) - Net::new().forward(&inputs[0])[0]).abs() < 1e-6);
/// ```
pub trait Network: Layer<<Self as Network>::Input> {
    /// What enters: `SVector<f32, INPUTS>` unless the declaration says another scalar.
    type Input: Value;

    /// The outputs for a slice of samples, as the network's own `forward_batch` gives them. Allocates nothing.
    ///
    /// # Panics
    ///
    /// Where `inputs` and `outputs` differ in length.
    #[track_caller]
    fn forward_batch(&self, inputs: &[Self::Input], outputs: &mut [Self::Output]) {
        batch::forward(self, inputs, outputs);
    }

    /// What it ends in, as far as losses mind.
    #[doc(hidden)]
    type End;

    /// Room for the values and gradients of a step of training.
    #[doc(hidden)]
    type Room: AnyRoom;
}
