//! What the compiler knows of types whose declaration the macro doesn't see.

use core::marker::PhantomData;

use crate::{
    layer::{Layer, Network},
    parameters::Parameters,
    scalar::Scalar,
    stream::{Recurrent, Stream},
    value::{Shape, Value},
};

/// What the compiler knows about the type `L` as a stage that `I` reaches.
///
/// The inherent constants stand in front of those of [`Otherwise`] where their bounds hold: that is
/// how a constant says whether a type implements a trait.
pub struct Probe<L, I = ()>(PhantomData<(L, I)>);

/// What a [`Probe`] says where the type implements nothing.
pub trait Otherwise {
    /// What `L` gives, where it takes `I`.
    const OUTPUTS: Option<Shape> = None;
    /// Whether it is a layer at all.
    const IS_LAYER: bool = false;
    /// What `L` takes, where it is a network.
    const NETWORK: Option<Declared> = None;
    /// What `L` gives at each step, where it takes `I`.
    const STEPS: Option<Shape> = None;
    /// What `L` takes, where it is a network that remembers.
    const STREAM: Option<Declared> = None;
}

impl<L, I> Otherwise for Probe<L, I> {}

impl<L, I> Probe<L, I>
where
    I: Value,
    L: Layer<I>,
    L::Output: Value<Scalar = I::Scalar>,
{
    /// What `L` gives, since it takes `I`.
    pub const OUTPUTS: Option<Shape> = Some(<L::Output as Value>::SHAPE);
}

impl<L: Parameters, I> Probe<L, I> {
    /// Whether it is a layer at all.
    pub const IS_LAYER: bool = true;
}

impl<L: Network, I> Probe<L, I> {
    /// What the network takes.
    pub const NETWORK: Option<Declared> = Some(Declared::new::<L::Input>());
}

impl<L, I> Probe<L, I>
where
    I: Value,
    L: Recurrent<I>,
    L::Output: Value<Scalar = I::Scalar>,
{
    /// What `L` gives at each step, since it takes `I`.
    pub const STEPS: Option<Shape> = Some(<L::Output as Value>::SHAPE);
}

impl<L: Stream, I> Probe<L, I> {
    /// What the network that remembers takes.
    pub const STREAM: Option<Declared> = Some(Declared::new::<L::Input>());
}

/// What a network takes, and of which scalar.
#[derive(Clone, Copy)]
pub struct Declared {
    pub(super) takes: Shape,
    pub(super) scalar: &'static str,
}

impl Declared {
    #[inline]
    const fn new<X: Value>() -> Self {
        Self {
            takes: X::SHAPE,
            scalar: X::Scalar::NAME,
        }
    }
}

/// A [`Probe`]'s answers.
#[derive(Clone, Copy)]
pub struct Reached {
    pub(super) outputs: Option<Shape>,
    pub(super) is_layer: bool,
    pub(super) network: Option<Declared>,
    pub(super) gets: Shape,
    pub(super) scalar: &'static str,
    /// Whether it is a layer that remembers, and the chain around it does not.
    pub(super) remembers: bool,
    /// Whether the chain around it remembers.
    pub(super) streams: bool,
}

impl Reached {
    /// From the constants of a probe of an `I`, in a chain that remembers or not.
    #[must_use]
    #[inline]
    pub const fn new<I: Value>(
        streams: bool,
        is_layer: bool,
        [outputs, steps]: [Option<Shape>; 2],
        [network, stream]: [Option<Declared>; 2],
    ) -> Self {
        let remembers = stream.is_some() || (outputs.is_none() && steps.is_some());
        Self {
            outputs: if streams { steps } else { outputs },
            is_layer,
            network: if network.is_some() { network } else { stream },
            gets: I::SHAPE,
            scalar: I::Scalar::NAME,
            remembers: remembers && !streams,
            streams,
        }
    }
}

/// A layer's type and the input that reaches it: a [`Reached`].
#[doc(hidden)]
#[macro_export]
macro_rules! __reached {
    ($Layer:ty, $Input:ty) => {
        $crate::__private::reached!(false, $Layer, $Input)
    };
    ($streams:literal, $Layer:ty, $Input:ty) => {{
        use $crate::__private::Otherwise as _;
        type Probe = $crate::__private::Probe<$Layer, $Input>;
        $crate::__private::check::Reached::new::<$Input>(
            $streams,
            Probe::IS_LAYER,
            [Probe::OUTPUTS, Probe::STEPS],
            [Probe::NETWORK, Probe::STREAM],
        )
    }};
}

/// The same in a chain that begins with `Stream`.
#[doc(hidden)]
#[macro_export]
macro_rules! __streamed {
    ($Layer:ty, $Input:ty) => {
        $crate::__private::reached!(true, $Layer, $Input)
    };
}

/// A layer's type: a [`Reached`] of nothing, for the first layer.
#[doc(hidden)]
#[macro_export]
macro_rules! __first {
    ($Layer:ty) => {{
        $crate::__private::reached!($Layer, $crate::SVector<$crate::__private::f32, 0>)
    }};
}

/// Whether a type implements [`Parameters`].
#[doc(hidden)]
#[macro_export]
macro_rules! __is_layer {
    ($Layer:ty) => {{
        // Where it is one, its own constant stands in front.
        #[allow(unused_imports)]
        use $crate::__private::Otherwise as _;
        $crate::__private::Probe::<$Layer>::IS_LAYER
    }};
}
