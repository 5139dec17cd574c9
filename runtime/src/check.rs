//! The checks that only the compiler can make: sizes that are constants, and layers and networks
//! whose declaration the macro doesn't see. Each is a `const fn` that panics with the words that
//! the macro uses for literals.

use core::{marker::PhantomData, mem::MaybeUninit};

use crate::{
    Layer, Layout, Network, Parameters, Path, Scalar, Value, Visitor, VisitorMut, text::Text,
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
    /// Whether `L` takes `I`.
    const FITS: bool = false;
    /// How many numbers `L` then gives.
    const OUTPUTS: Option<usize> = None;
    /// Whether it is a layer at all.
    const IS_LAYER: bool = false;
    /// What `L` takes and gives, where it is a network.
    const NETWORK: Option<[usize; 2]> = None;
}

impl<L, I> Otherwise for Probe<L, I> {}

impl<L, I> Probe<L, I>
where
    I: Value,
    L: Layer<I>,
    L::Output: Value<Scalar = I::Scalar>,
{
    /// Whether `L` takes `I`.
    pub const FITS: bool = true;
    /// How many numbers it then gives.
    pub const OUTPUTS: Option<usize> = Some(<L::Output as Value>::LEN);
}

impl<L: Parameters, I> Probe<L, I> {
    /// Whether it is a layer at all.
    pub const IS_LAYER: bool = true;
}

impl<L: Network, I> Probe<L, I> {
    /// What the network takes and gives.
    pub const NETWORK: Option<[usize; 2]> =
        Some([L::Input::LEN, <L as Layer<L::Input>>::Output::LEN]);
}

/// Runs a stage that fits; gives zeros for one that doesn't, whose error has been reported.
pub struct Stage<const FITS: bool>;

impl Stage<true> {
    /// The layer's own output.
    #[inline]
    pub fn forward<L: Layer<I>, I>(layer: &L, input: &I) -> L::Output {
        layer.forward(input)
    }
}

impl Stage<false> {
    /// Never runs, since the declaration doesn't compile.
    #[must_use]
    pub fn forward<L, I, O: Value>(_: &L, _: &I) -> O {
        O::zeros()
    }
}

/// What the compiler knows about a stage that is a network or somebody's own layer: a [`Probe`]'s
/// answers.
#[derive(Clone, Copy)]
pub struct Reached {
    /// Whether it takes what reaches it.
    pub fits: bool,
    /// What it gives; what it would give or what reaches it, where it doesn't fit.
    pub outputs: usize,
    /// Whether it is a layer at all.
    pub is_layer: bool,
    network: Option<[usize; 2]>,
    gets: usize,
    scalar: &'static str,
}

impl Reached {
    /// From [`Probe`]'s constants.
    #[must_use]
    pub const fn new<I: Value>(
        fits: bool,
        outputs: Option<usize>,
        is_layer: bool,
        network: Option<[usize; 2]>,
    ) -> Self {
        Self {
            // Nothing reaches a first layer that doesn't say what it takes.
            fits: fits && I::LEN > 0,
            outputs: match (outputs, network) {
                (Some(outputs), _) | (None, Some([_, outputs])) => outputs,
                (None, None) => I::LEN,
            },
            is_layer,
            network,
            gets: I::LEN,
            scalar: I::Scalar::NAME,
        }
    }
}

/// A layer's type and the input that reaches it: a [`Reached`].
#[doc(hidden)]
#[macro_export]
macro_rules! __reached {
    ($Layer:ty, $Input:ty) => {{
        use $crate::__private::Otherwise as _;
        type Probe = $crate::__private::Probe<$Layer, $Input>;
        $crate::__private::check::Reached::new::<$Input>(
            Probe::FITS,
            Probe::OUTPUTS,
            Probe::IS_LAYER,
            Probe::NETWORK,
        )
    }};
}

/// What the first stage takes, where its type is a network; 0 where that is not known, which
/// [`fits`] reports.
#[doc(hidden)]
#[macro_export]
macro_rules! __entrance {
    ($Layer:ty) => {{
        use $crate::__private::Otherwise as _;
        $crate::__private::check::entrance($crate::__private::Probe::<$Layer>::NETWORK)
    }};
}

/// What [`__entrance`](crate::__entrance) gives.
#[must_use]
pub const fn entrance(network: Option<[usize; 2]>) -> usize {
    match network {
        Some([inputs, _]) => inputs,
        None => 0,
    }
}

/// What `Parameters` does with a type that may not implement it, which
/// is reported once, by `zeros`, whose value every struct has as a constant.
pub struct Own<const IS_LAYER: bool>;

impl Own<true> {
    /// [`Parameters::ZEROS`].
    #[must_use]
    pub const fn zeros<P: Parameters>(_: &str, _: &str) -> P {
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

    /// [`Parameters::walk`].
    pub fn walk<P: Parameters, const K: usize>(
        values: [&P; K],
        path: &Path<'_>,
        visitor: &mut impl Visitor<K>,
    ) {
        P::walk(values, path, visitor);
    }

    /// [`Parameters::walk_mut`].
    pub fn walk_mut<P: Parameters, const K: usize>(
        values: [&mut P; K],
        path: &Path<'_>,
        visitor: &mut impl VisitorMut<K>,
    ) {
        P::walk_mut(values, path, visitor);
    }
}

#[allow(
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "never runs"
)]
impl Own<false> {
    /// Reports that the type is none of `what` it should be.
    #[track_caller]
    pub const fn zeros<P>(written: &str, what: &str) -> P {
        let mut text = Text::<1024>::from("`");
        text.str(written);
        text.str(what);
        panic!("{}", text.as_str())
    }

    /// No tensors.
    pub const fn layout<P>() -> Layout {
        Layout::Struct(&[])
    }

    /// Never runs.
    pub fn place<P>(_: &mut MaybeUninit<P>) -> &mut P {
        panic!("reported at the declaration")
    }

    /// Never runs.
    pub fn clone<P>(_: &P) -> P {
        panic!("reported at the declaration")
    }

    /// Never runs.
    pub fn walk<P, const K: usize>(_: [&P; K], _: &Path<'_>, _: &mut impl Visitor<K>) {}

    /// Never runs.
    pub fn walk_mut<P, const K: usize>(_: [&mut P; K], _: &Path<'_>, _: &mut impl VisitorMut<K>) {}
}

/// Whether a type implements [`Parameters`].
#[doc(hidden)]
#[macro_export]
macro_rules! __is_layer {
    ($Layer:ty) => {{
        use $crate::__private::Otherwise as _;
        $crate::__private::Probe::<$Layer>::IS_LAYER
    }};
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

/// What leaves a block that is repeated is what enters it.
#[track_caller]
pub const fn repeats(takes: usize, gives: usize, block: &str, producer: &str, write: [&str; 2]) {
    if takes == gives {
        return;
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

/// A network or somebody's own layer takes what reaches it. `producer` is empty for the first
/// layer, which has to say itself what enters; `write` has the two halves around the producer's
/// outputs, if it can be written differently.
#[track_caller]
pub const fn fits(stage: Reached, layer: &str, producer: &str, write: [&str; 2]) {
    if stage.fits || !stage.is_layer {
        return;
    }
    let (gets, scalar) = (stage.gets, stage.scalar);
    let mut text;
    match stage.network {
        Some([takes, _]) if takes != gets => {
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
        Some(_) => {
            text = Text::from("scalar mismatch: `");
            text.str(layer);
            text.str("` is not a network of ");
            text.str(scalar);
            text.str(
                ", which is what reaches it\nhelp: give both the same `#[network(scalar = …)]`",
            );
        }
        None if producer.is_empty() => {
            text = Text::from("nothing says how many inputs reach `");
            text.str(layer);
            text.str("`\nhelp: write `Input(n) -> ");
            text.str(layer);
            text.str("` with the number of inputs for n");
        }
        None => {
            text = Text::from("shape mismatch: `");
            text.str(layer);
            text.str("` does not take ");
            count(&mut text, gets, " input");
            text.str(" of ");
            text.str(scalar);
            text.str(", which is what `");
            text.str(producer);
            text.str("` before it gives\nhelp: it takes what it implements `Layer<SVector<");
            text.str(scalar);
            text.str(", N>>` for, with an output of ");
            text.str(scalar);
        }
    }
    panic!("{}", text.as_str());
}

const fn mismatch(layer: &str, takes: usize, producer: &str, gives: usize) -> Text<1024> {
    let mut text = Text::from("shape mismatch: `");
    text.str(layer);
    text.str("` takes ");
    count(&mut text, takes, " input");
    text.str(", but `");
    text.str(producer);
    text.str("` before it gives ");
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
