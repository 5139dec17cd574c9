//! Networks that remember, and take values that come one after another: [`Recurrent`].

mod hidden;
mod many;
mod ring;
mod stages;
mod start;

pub use hidden::Hidden;
pub(crate) use hidden::Memory;
pub use many::{forward, one_after_another, one_by_one, step_batch, steps, together};
pub use ring::Ring;
pub use stages::{put, repeat, zip};
pub use start::Start;

use crate::{
    kernels::Function, layer::Layer, parameters::Parameters, scalar::Scalar, value::Value,
};

/// A layer that remembers what came before: `GRU`, a network that begins with `Stream`, or a type of
/// yours. What it remembers is a value of its own, so that one network serves any number of streams.
///
/// Every [`Layer`] is one that remembers nothing. A type of yours that remembers implements this trait
/// in its place, and is a stage in chains that begin with `Stream`:
///
/// ```
/// use layerwise::{Parameters, Recurrent, SVector, network};
///
/// /// What came so far, each number worth less with each step.
/// #[derive(Clone, Parameters)]
/// pub struct Fading {
///     pub rate: SVector<f32, 1>,
/// }
///
/// impl Recurrent<SVector<f32, 2>> for Fading {
///     type Output = SVector<f32, 2>;
///     type State = SVector<f32, 2>;
///     fn step(&self, state: &mut Self::State, x: &SVector<f32, 2>) -> SVector<f32, 2> {
///         *state = *state * self.rate[0] + x;
///         *state
///     }
/// }
///
/// network! { pub struct Net = Stream(2) -> fading: Fading -> Linear(2, 1); }
/// let net = Net::new();
/// let mut state = NetState::default();
/// let [first, second] = [1.0, 1.0].map(|x| net.step(&mut state, &SVector::from([x, x])));
/// assert_ne!(first, second);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take this input step by step",
    note = "a layer of your own implements `Layer<SVector<f32, N>>`, or `Recurrent<SVector<f32, N>>` \
            if it remembers, for the N that reaches it"
)]
pub trait Recurrent<X>: Parameters {
    /// What comes out for each `X`.
    type Output: Value;

    /// What it remembers; the default is that nothing has come yet.
    type State: Clone + Default;

    /// Whether a stretch of one stream, and a step of several, take less time than steps one by one.
    #[doc(hidden)]
    const TOGETHER: [bool; 2] = [false; 2];

    /// Computes the output for the next value of a stream, and remembers what has to be remembered.
    fn step(&self, state: &mut Self::State, x: &X) -> Self::Output;

    /// `function` of the output.
    #[doc(hidden)]
    #[inline]
    fn step_with(&self, state: &mut Self::State, x: &X, function: Function) -> Self::Output {
        let mut y = self.step(state, x);
        Scalar::apply(
            function,
            y.as_mut_slice(),
            <Self::Output as Value>::CHANNELS,
        );
        y
    }

    /// The same for the next values of one stream.
    #[doc(hidden)]
    #[inline]
    fn stretch<const N: usize>(&self, state: &mut Self::State, x: &[X; N]) -> [Self::Output; N] {
        one_by_one(self, state, x)
    }

    /// The same for the next value of each of several streams.
    #[doc(hidden)]
    #[inline]
    fn abreast<const N: usize>(
        &self,
        states: [&mut Self::State; N],
        x: &[X; N],
    ) -> [Self::Output; N] {
        one_after_another(self, states, x)
    }
}

impl<X, L: Layer<X>> Recurrent<X> for L {
    type Output = <L as Layer<X>>::Output;
    type State = ();
    const TOGETHER: [bool; 2] = [L::LAYOUT.parameters() >= 2048; 2];

    #[inline]
    fn step(&self, (): &mut (), x: &X) -> Self::Output {
        self.forward(x)
    }
}

/// What no network is that begins with `Stream`: one with `forward`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` begins with `Stream`: it remembers what came before, and has no `forward`",
    label = "`step` takes the next value, and `steps` a stretch of them",
    note = "`let mut state = {Self}State::default();` once, and then `net.step(&mut state, &x)`"
)]
pub trait Forgets {}

/// A network that begins with `Stream`.
pub trait Stream: Recurrent<<Self as Stream>::Input> {
    /// What enters at each step.
    type Input: Value;
}
