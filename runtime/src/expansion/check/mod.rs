//! The checks that only the compiler can make: sizes that are constants, and layers and networks
//! whose declaration the macro doesn't see. Each is a `const fn` that panics with the words that
//! the macro uses for literals.

pub mod budget;
mod stream;
pub mod weights;

use core::{marker::PhantomData, mem::MaybeUninit};

pub use stream::StateOf;

use crate::{
    combine::{Combine, Residual},
    flow::{Flow, record::Record},
    layer::{Layer, Network},
    parameters::{Parameters, layout::Layout},
    scalar::Scalar,
    stream::{Recurrent, Stream},
    text::Text,
    value::Value,
};

/// A constant expression in the place of a size: `Size::<{ 2 * N }>::V`. As an argument of a type
/// it is evaluated once, and its faults are reported once.
pub struct Size<const N: usize>;

impl<const N: usize> Size<N> {
    /// The size.
    pub const V: usize = N;
}

/// What the compiler knows about the type `L` as a stage that `I` reaches.
///
/// The inherent constants stand in front of those of [`Otherwise`] where their bounds hold: that is
/// how a constant says whether a type implements a trait.
pub struct Probe<L, I = ()>(PhantomData<(L, I)>);

/// What a [`Probe`] says where the type implements nothing.
pub trait Otherwise {
    /// How many numbers `L` gives, where it takes `I`.
    const OUTPUTS: Option<usize> = None;
    /// Whether it is a layer at all.
    const IS_LAYER: bool = false;
    /// What `L` takes, where it is a network.
    const NETWORK: Option<Declared> = None;
    /// How many numbers `L` gives at each step, where it takes `I`.
    const STEPS: Option<usize> = None;
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
    /// How many numbers `L` gives, since it takes `I`.
    pub const OUTPUTS: Option<usize> = Some(<L::Output as Value>::LEN);
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
    /// How many numbers `L` gives at each step, since it takes `I`.
    pub const STEPS: Option<usize> = Some(<L::Output as Value>::LEN);
}

impl<L: Stream, I> Probe<L, I> {
    /// What the network that remembers takes.
    pub const STREAM: Option<Declared> = Some(Declared::new::<L::Input>());
}

/// Runs a stage that fits; for one that doesn't, whose error has been reported, the rest of the
/// network type-checks.
pub struct Stage<const FITS: bool>;

impl Stage<true> {
    /// What branches make together.
    #[allow(clippy::inline_always, reason = "as it is")]
    #[inline(always)]
    pub fn combine<C: Combine<X, Y, B>, X: Value, Y: Value, B, F: Flow>(
        flow: &mut F,
        x: F::Of<X>,
        branches: B,
    ) -> F::Of<Y> {
        C::flow(flow, x, branches)
    }

    /// [`Residual::close`].
    #[allow(clippy::inline_always, reason = "as it is")]
    #[inline(always)]
    pub fn close<X: Value, Y: Value, F: Flow>(
        flow: &mut F,
        left: F::Of<X>,
        entered: F::Of<X>,
    ) -> F::Of<X> {
        Residual::close(flow, left, entered)
    }

    /// [`Residual::open_back`].
    #[allow(clippy::inline_always, reason = "as it is")]
    #[inline(always)]
    pub fn open_back<X: Value, Y: Value, F: Record>(flow: &mut F, dy: &F::Slope<X>) -> F::Slope<X> {
        Residual::open_back(flow, dy)
    }

    /// [`Layer::flow`].
    #[allow(clippy::inline_always, reason = "as it is")]
    #[inline(always)]
    pub fn flow<X: Value, Y: Value, L: Layer<X, Output = Y>, F: Flow>(
        layer: &L,
        flow: &mut F,
        x: F::Of<X>,
    ) -> F::Of<Y> {
        layer.flow(flow, x)
    }
}

impl Stage<false> {
    /// As of `flow`.
    #[must_use]
    pub fn combine<C, X: Value, Y: Value, B, F: Flow>(_: &mut F, _: F::Of<X>, _: B) -> F::Of<Y> {
        unreachable!("a declaration with errors")
    }

    /// As of `flow`.
    #[must_use]
    pub fn close<X: Value, Y: Value, F: Flow>(_: &mut F, _: F::Of<Y>, _: F::Of<X>) -> F::Of<Y> {
        unreachable!("a declaration with errors")
    }

    /// As of `flow`.
    #[must_use]
    pub fn open_back<X: Value, Y: Value, F: Record>(_: &mut F, _: &F::Slope<Y>) -> F::Slope<X> {
        unreachable!("a declaration with errors")
    }

    /// Never runs, since the declaration doesn't compile.
    #[must_use]
    pub fn flow<X: Value, Y: Value, L, F: Flow>(_: &L, _: &mut F, _: F::Of<X>) -> F::Of<Y> {
        unreachable!("a declaration with errors")
    }
}

/// Whether a size is known: where it isn't, this is as much in error as the size, and the compiler
/// has nothing to add.
#[must_use]
pub const fn is_known(_: usize) -> bool {
    true
}

/// How many numbers a network takes, and of which scalar.
#[derive(Clone, Copy)]
pub struct Declared {
    takes: usize,
    scalar: &'static str,
}

impl Declared {
    const fn new<X: Value>() -> Self {
        Self {
            takes: X::LEN,
            scalar: X::Scalar::NAME,
        }
    }
}

/// A [`Probe`]'s answers.
#[derive(Clone, Copy)]
pub struct Reached {
    outputs: Option<usize>,
    is_layer: bool,
    network: Option<Declared>,
    gets: usize,
    scalar: &'static str,
    /// Whether it is a layer that remembers, and the chain around it does not.
    remembers: bool,
    /// Whether the chain around it remembers.
    streams: bool,
}

impl Reached {
    /// From the constants of a probe of an `I`, in a chain that remembers or not.
    #[must_use]
    pub const fn new<I: Value>(
        streams: bool,
        is_layer: bool,
        [outputs, steps]: [Option<usize>; 2],
        [network, stream]: [Option<Declared>; 2],
    ) -> Self {
        let remembers = stream.is_some() || (outputs.is_none() && steps.is_some());
        Self {
            outputs: if streams { steps } else { outputs },
            is_layer,
            network: if network.is_some() { network } else { stream },
            gets: I::LEN,
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

/// A field of a struct that derives `Parameters` implements it.
#[track_caller]
#[must_use]
pub const fn field(is_layer: bool, ty: &str) -> bool {
    if !is_layer {
        let mut text = Text::<1024>::from("`");
        text.str(ty);
        text.str("` is neither a tensor, a layer nor a network");
        text.str("\nhelp: for anything else, give its value: `#[parameters(constant = …)]`");
        panic!("{}", text.as_str());
    }
    true
}

/// [`Parameters`] for a type that may not implement it: then the constant that says so is in error,
/// and whatever is asked of this with it.
pub struct Own<const IS_LAYER: bool>;

impl Own<true> {
    /// [`Parameters::ZEROS`].
    #[must_use]
    pub const fn zeros<P: Parameters>() -> P {
        P::ZEROS
    }

    /// [`Parameters::LAYOUT`].
    #[must_use]
    pub const fn layout<P: Parameters>() -> Layout {
        P::LAYOUT
    }

    /// [`Parameters::place`].
    pub fn place<P: Parameters>(place: &mut MaybeUninit<P>) -> &mut P {
        P::place(place)
    }

    /// [`Clone::clone`].
    pub fn clone<P: Parameters>(value: &P) -> P {
        value.clone()
    }
}

/// A size that is written as an expression is at least one.
#[track_caller]
pub const fn size(size: usize, written: &str) {
    if size == 0 {
        let mut text = Text::<1024>::from("a size must be at least 1, but `");
        text.str(written);
        text.str("` is 0");
        panic!("{}", text.as_str());
    }
}

/// What a layer takes is what the one before it gives. The two halves of `write` go around the
/// right number, as in `Linear(` and `, 5)`.
#[track_caller]
pub const fn inputs(takes: usize, gets: usize, layer: &str, producer: &str, write: [&str; 2]) {
    if takes == gets {
        return;
    }
    let mut text = mismatch(layer, takes, producer, gets);
    text.str("\nhelp: write `");
    with_number(&mut text, write, gets);
    text.str("`, or `");
    text.str(write[0]);
    text.str("_");
    text.str(write[1]);
    text.str("` to take whatever reaches it");
    panic!("{}", text.as_str());
}

/// Half of what reaches a layer, which must be even. `write` is as of [`outputs`].
#[track_caller]
#[must_use]
pub const fn half(gets: usize, layer: &str, producer: &str, write: [&str; 2]) -> usize {
    if gets.is_multiple_of(2) {
        return gets / 2;
    }
    let mut text = Text::<1024>::from("shape mismatch: `");
    text.str(layer);
    text.str("` takes an even number of inputs, but ");
    text.str(producer);
    text.str(" ");
    text.number(gets);
    if !write[0].is_empty() {
        text.str("\nhelp: write `");
        with_number(&mut text, write, 2 * gets);
        text.str("`, so that ");
        text.number(gets);
        text.str(" leave `");
        text.str(layer);
        text.str("`");
    }
    panic!("{}", text.as_str());
}

/// A layer has one parameter, or one for each of the features that reach it.
#[track_caller]
pub const fn count_of(count: usize, gets: usize, layer: &str, name: &str, producer: &str) {
    if count == 1 || count == gets {
        return;
    }
    let mut text = Text::<1024>::from("shape mismatch: `");
    text.str(layer);
    text.str("` has ");
    text.number(count);
    text.str(" parameters, but ");
    text.str(producer);
    text.str(" ");
    text.number(gets);
    text.str("\nhelp: write `");
    text.str(name);
    text.str("(");
    text.number(gets);
    text.str(")` or `");
    text.str(name);
    text.str("(_)` for one to each feature, or `");
    text.str(name);
    text.str("` for one that all share");
    panic!("{}", text.as_str());
}

/// What a branch gives is what the first one gives. `at` is the combinator, as in `Add`.
#[track_caller]
pub const fn alike(first: usize, gives: usize, at: &str, written: [&str; 2]) {
    if first == gives {
        return;
    }
    let mut text = Text::<1024>::from("shape mismatch: `");
    text.str(written[1]);
    text.str("` at the end of a branch of `");
    text.str(at);
    text.str("` gives ");
    text.number(gives);
    text.str(", but the first branch gives ");
    text.number(first);
    text.str(" by `");
    text.str(written[0]);
    text.str("`");
    panic!("{}", text.as_str());
}

/// Groups divide what they are groups of, as in `inputs`.
#[track_caller]
pub const fn groups(size: usize, groups: usize, what: &str, layer: &str) {
    if size.is_multiple_of(groups) {
        return;
    }
    let mut text = Text::<1024>::from("`");
    text.str(layer);
    text.str("` has ");
    text.number(size);
    text.str(" ");
    text.str(what);
    text.str(", which can't be divided into ");
    text.number(groups);
    text.str(" groups");
    panic!("{}", text.as_str());
}

/// What leaves a residual's chain is what enters it.
#[track_caller]
pub const fn residual(enters: usize, leaves: usize, written: &str) {
    if enters == leaves {
        return;
    }
    let mut text = Text::<1024>::from("shape mismatch: `Residual` adds what enters, which is ");
    text.number(enters);
    text.str(", to what leaves, but `");
    text.str(written);
    text.str("` at its end gives ");
    text.number(leaves);
    panic!("{}", text.as_str());
}

/// What leaves a block that is repeated is what enters it, and what this returns. Where something
/// else than it `takes` reaches it, that is an error of its own, and this says nothing.
#[track_caller]
#[must_use]
pub const fn repeats(
    gets: usize,
    [takes, gives]: [usize; 2],
    block: &str,
    producer: &str,
    write: [&str; 2],
) -> usize {
    if takes == gives || gets != takes {
        return gives;
    }
    let mut text = Text::<1024>::from("shape mismatch: each copy in `");
    text.str(block);
    text.str("` takes ");
    count(&mut text, takes, " input");
    text.str(", but `");
    text.str(producer);
    text.str("` at its end gives ");
    text.number(gives);
    if !write[0].is_empty() {
        text.str("\nhelp: write `");
        with_number(&mut text, write, takes);
        text.str("`, so that the next copy takes what this one gives");
    }
    panic!("{}", text.as_str());
}

/// What the first stage takes, which is a network or somebody's own layer.
#[track_caller]
#[must_use]
pub const fn first(stage: Reached, layer: &str) -> usize {
    let mut text = Text::<1024>::from("nothing says how many inputs reach `");
    match stage.network {
        _ if stage.remembers => text = forgets(layer),
        Some(network) => return network.takes,
        None if !stage.is_layer => text = no_layer(layer),
        None => {
            text.str(layer);
            text.str("`\nhelp: write `Input(n) -> ");
            text.str(layer);
            text.str("` with the number of inputs for n");
        }
    }
    panic!("{}", text.as_str());
}

/// What a network or somebody's own layer gives, if it takes what reaches it. `write` has the two
/// halves around the producer's outputs, if it can be written differently.
#[track_caller]
#[must_use]
pub const fn outputs(stage: Reached, layer: &str, producer: &str, write: [&str; 2]) -> usize {
    let (gets, scalar) = (stage.gets, stage.scalar);
    let mut text;
    match (stage.outputs, stage.network) {
        (Some(outputs), _) => return outputs,
        _ if !stage.is_layer => text = no_layer(layer),
        _ if stage.remembers => text = forgets(layer),
        (None, Some(Declared { takes, .. })) if takes != gets => {
            text = mismatch(layer, takes, producer, gets);
            text.str("\nhelp: write `");
            if write[0].is_empty() {
                text.str("Linear(");
                text.number(gets);
                text.str(", ");
                text.number(takes);
                text.str(")` between them");
            } else {
                with_number(&mut text, write, takes);
                text.str("` before it");
            }
        }
        (None, Some(network)) => {
            text = Text::from("scalar mismatch: `");
            text.str(layer);
            text.str("` is a network of ");
            text.str(network.scalar);
            text.str(", but ");
            text.str(scalar);
            text.str(" reaches it");
            text.str("\nhelp: give both the same `#[network(scalar = …)]`");
        }
        (None, None) => {
            text = Text::from("shape mismatch: `");
            text.str(layer);
            text.str("` does not take ");
            count(&mut text, gets, " input");
            text.str(" of ");
            text.str(scalar);
            text.str(", which is what ");
            text.str(producer);
            text.str("\nhelp: it takes what it implements `Layer<SVector<");
            text.str(scalar);
            text.str(", N>>` ");
            if stage.streams {
                text.str("or `Recurrent<SVector<");
                text.str(scalar);
                text.str(", N>>` ");
            }
            text.str("for, with an output of ");
            text.str(scalar);
        }
    }
    panic!("{}", text.as_str());
}

const fn no_layer(layer: &str) -> Text<1024> {
    let mut text = Text::from("`");
    text.str(layer);
    text.str("` is no layer\nhelp: a layer of your own derives `Clone` and `Parameters`, ");
    text.str("and implements `Layer`");
    text
}

/// Of a layer that remembers in a chain that does not.
const fn forgets(layer: &str) -> Text<1024> {
    let mut text = Text::from("`");
    text.str(layer);
    text.str("` remembers what came before, and this network does not");
    text.str("\nhelp: begin the whole chain with `Stream(n)`, with the number of inputs for n");
    text
}

const fn mismatch(layer: &str, takes: usize, producer: &str, gives: usize) -> Text<1024> {
    let mut text = Text::from("shape mismatch: `");
    text.str(layer);
    text.str("` takes ");
    count(&mut text, takes, " input");
    text.str(", but ");
    text.str(producer);
    text.str(" ");
    text.number(gives);
    text
}

const fn count(text: &mut Text<1024>, number: usize, of: &str) {
    text.number(number);
    text.str(of);
    text.str(if number == 1 { "" } else { "s" });
}

const fn with_number(text: &mut Text<1024>, around: [&str; 2], number: usize) {
    text.str(around[0]);
    text.number(number);
    text.str(around[1]);
}
