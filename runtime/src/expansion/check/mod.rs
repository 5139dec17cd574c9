//! The checks that only the compiler can make: sizes that are constants, and layers and networks
//! whose declaration the macro doesn't see. Each is a `const fn` that panics with the words that
//! the macro uses for literals.

pub mod budget;
mod probe;
mod stage;
mod stream;
pub mod weights;

pub use probe::{Declared, Otherwise, Probe, Reached};
pub use stage::{Own, Stage};
pub use stream::StateOf;

use crate::text::Text;

/// A constant expression in the place of a size: `Size::<{ 2 * N }>::V`. As an argument of a type
/// it is evaluated once, and its faults are reported once.
pub struct Size<const N: usize>;

impl<const N: usize> Size<N> {
    /// The size.
    pub const V: usize = N;
}

/// Whether a size is known: where it isn't, this is as much in error as the size, and the compiler
/// has nothing to add.
#[must_use]
pub const fn is_known(_: usize) -> bool {
    true
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
        None if !stage.is_layer => text = no_layer(layer, stage.streams),
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
        _ if !stage.is_layer => text = no_layer(layer, stage.streams),
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

const fn no_layer(layer: &str, streams: bool) -> Text<1024> {
    let mut text = Text::from("`");
    text.str(layer);
    text.str("` is no layer\nhelp: a layer of your own derives `Clone` and `Parameters`, ");
    text.str("and implements `Layer`");
    if streams {
        text.str(", or `Recurrent` if it remembers");
    }
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
