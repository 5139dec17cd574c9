//! The checks that only the compiler can make: sizes that are constants, and layers and networks
//! whose declaration the macro doesn't see. Each is a `const fn` that panics with the words that
//! the macro uses for literals. The compiler interprets them and nobody calls them when a program runs: with
//! `#[inline]` they are no code of the library, of which they would be an eighth.

pub mod branches;
pub mod budget;
pub mod places;
mod probe;
mod stage;
mod stream;
pub mod weights;

pub use probe::{Declared, Otherwise, Probe, Reached};
pub use stage::{Own, Stage};
pub use stream::StateOf;

use crate::{text::Text, value::Shape};

/// A constant expression in the place of a size: `Size::<{ 2 * N }>::V`. As an argument of a type
/// it is evaluated once, and its faults are reported once.
pub struct Size<const N: usize>;

impl<const N: usize> Size<N> {
    /// The size.
    pub const V: usize = N;
}

/// Whether a shape is known: where it isn't, this is as much in error as the shape, and the compiler
/// has nothing to add.
#[must_use]
#[inline]
pub const fn is_known(_: Shape) -> bool {
    true
}

/// A field of a struct that derives `Parameters` implements it.
#[track_caller]
#[must_use]
#[inline]
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

/// A size that is written as an expression, or an option that is one, is at least one.
#[track_caller]
#[inline]
pub const fn size(size: usize, what: &str, written: &str) {
    if size == 0 {
        let mut text = Text::<1024>::from(what);
        text.str(" must be at least 1, but `");
        text.str(written);
        text.str("` is 0");
        panic!("{}", text.as_str());
    }
}

/// An option that is written as an expression is in its range.
#[track_caller]
#[inline]
pub const fn within(value: f64, [least, most]: [f64; 2], message: &str) {
    assert!(least <= value && value <= most, "{}", message);
}

/// An option that is written as an expression is not zero.
#[track_caller]
#[inline]
pub const fn nonzero(value: f64, message: &str) {
    assert!(value != 0.0, "{}", message);
}

/// What a layer takes is what the one before it gives. The two halves of `write` go around the
/// right number, as in `Linear(` and `, 5)`.
#[track_caller]
#[inline]
pub const fn inputs(takes: usize, gets: usize, layer: &str, producer: &str, write: [&str; 2]) {
    same(takes, gets, " input", layer, producer, write);
}

/// The same of the channels of windows and images.
#[track_caller]
#[inline]
pub const fn channels(takes: usize, gets: usize, layer: &str, producer: &str, write: [&str; 2]) {
    same(takes, gets, " channel", layer, producer, write);
}

#[track_caller]
#[inline]
const fn same(
    takes: usize,
    gets: usize,
    unit: &str,
    layer: &str,
    producer: &str,
    write: [&str; 2],
) {
    if takes == gets {
        return;
    }
    let mut text = Text::<1024>::from("shape mismatch: `");
    text.str(layer);
    text.str("` takes ");
    count(&mut text, takes, unit);
    text.str(", but ");
    text.str(producer);
    text.str(" ");
    text.number(gets);
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
#[inline]
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
#[inline]
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

/// The inputs of each group. No groups are an error of their own, and 1 keeps what follows from being another.
#[must_use]
#[inline]
pub const fn each(inputs: usize, groups: usize) -> usize {
    match inputs.checked_div(groups) {
        Some(each) => each,
        None => 1,
    }
}

/// Groups divide the sizes that they are groups of, each with a word such as `inputs`.
#[track_caller]
#[inline]
pub const fn groups(of: &[(usize, &str)], groups: usize, layer: &str) {
    let [(size, what), rest @ ..] = of else {
        return;
    };
    if groups == 0 || size.is_multiple_of(groups) {
        return self::groups(rest, groups, layer);
    }
    let mut text = Text::<1024>::from("`");
    text.str(layer);
    text.str("` has ");
    text.number(*size);
    text.str(" ");
    text.str(what);
    text.str(", which can't be divided into ");
    text.number(groups);
    text.str(" groups");
    panic!("{}", text.as_str());
}

/// What leaves a block that is repeated is what enters it, and what this returns. Where something
/// else than it `takes` reaches it, that is an error of its own, and this says nothing.
#[track_caller]
#[must_use]
#[inline]
pub const fn repeats(
    gets: Shape,
    [takes, gives]: [Shape; 2],
    block: &str,
    producer: &str,
    write: [&str; 2],
) -> Shape {
    if takes.is(&gives) || !gets.is(&takes) {
        return gives;
    }
    let are_alike = takes.rank() == gives.rank();
    let mut text = Text::<1024>::from("shape mismatch: each copy in `");
    text.str(block);
    text.str("` takes ");
    words_of_inputs(&mut text, &takes);
    text.str(", but `");
    text.str(producer);
    text.str("` at its end gives ");
    words_beside(&mut text, &gives, &takes);
    if !write[0].is_empty() && are_alike {
        text.str("\nhelp: write `");
        with_number(&mut text, write, takes.channels());
        text.str("`, so that the next copy takes what this one gives");
    }
    panic!("{}", text.as_str());
}

/// What the first stage takes, which is a network or somebody's own layer.
#[track_caller]
#[must_use]
#[inline]
pub const fn first(stage: Reached, layer: &str) -> Shape {
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
#[inline]
pub const fn outputs(stage: Reached, layer: &str, producer: &str, write: [&str; 2]) -> Shape {
    let (gets, scalar) = (stage.gets, stage.scalar);
    let mut text;
    match (stage.outputs, stage.network) {
        (Some(outputs), _) => return outputs,
        _ if !stage.is_layer => text = no_layer(layer, stage.streams),
        _ if stage.remembers => text = forgets(layer),
        (None, Some(Declared { takes, .. })) if !takes.is(&gets) => {
            text = mismatch(layer, &takes, producer, &gets);
            let are_vectors = takes.rank() == 1 && gets.rank() == 1;
            if takes.rank() == 1 && gets.rank() > 1 {
                text.str("\nhelp: write `Flatten");
                text.str("` between them");
            } else if are_vectors && write[0].is_empty() {
                text.str("\nhelp: write `");
                text.str("Linear(");
                text.number(gets.channels());
                text.str(", ");
                text.number(takes.channels());
                text.str(")` between them");
            } else if are_vectors {
                text.str("\nhelp: write `");
                with_number(&mut text, write, takes.channels());
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
            words_of_inputs(&mut text, &gets);
            text.str(" of ");
            text.str(scalar);
            text.str(", which is what ");
            text.str(producer);
            text.str("\nhelp: it takes what it implements `Layer<");
            type_of(&mut text, &gets, scalar);
            text.str(">` ");
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

#[inline]
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
#[inline]
const fn forgets(layer: &str) -> Text<1024> {
    let mut text = Text::from("`");
    text.str(layer);
    text.str("` remembers what came before, and this network does not");
    text.str("\nhelp: begin the whole chain with `Stream(n)`, with the number of inputs for n");
    text
}

#[inline]
const fn mismatch(layer: &str, takes: &Shape, producer: &str, gives: &Shape) -> Text<1024> {
    let mut text = Text::from("shape mismatch: `");
    text.str(layer);
    text.str("` takes ");
    words_of_inputs(&mut text, takes);
    text.str(", but ");
    text.str(producer);
    text.str(" ");
    words_beside(&mut text, gives, takes);
    text
}

/// `5 inputs`, or `images of 3×32×32`
#[inline]
const fn words_of_inputs(text: &mut Text<1024>, shape: &Shape) {
    if shape.rank() == 1 {
        count(text, shape.channels(), " input");
    } else {
        words(text, shape);
    }
}

/// A number, beside a number of inputs; else `a vector of 5` or `images of 3×32×32`.
#[inline]
const fn words_beside(text: &mut Text<1024>, shape: &Shape, other: &Shape) {
    if shape.rank() == 1 && other.rank() == 1 {
        text.number(shape.channels());
    } else {
        words(text, shape);
    }
}

/// `a vector of 5`, `windows of 3×10` or `images of 3×32×32`
#[inline]
const fn words(text: &mut Text<1024>, shape: &Shape) {
    text.str(match shape.rank() {
        1 => "a vector of ",
        2 => "windows of ",
        _ => "images of ",
    });
    text.shape(shape);
}

/// The type of such a value, as its user would write it.
#[inline]
const fn type_of(text: &mut Text<1024>, shape: &Shape, scalar: &str) {
    text.str(match shape.rank() {
        1 => "SVector<",
        2 => "SMatrix<",
        _ => "Image<",
    });
    text.str(scalar);
    text.str(match shape.rank() {
        1 => ", N>",
        2 => ", CHANNELS, STEPS>",
        _ => ", CHANNELS, HEIGHT, WIDTH>",
    });
}

#[inline]
const fn count(text: &mut Text<1024>, number: usize, of: &str) {
    text.number(number);
    text.str(of);
    text.str(if number == 1 { "" } else { "s" });
}

#[inline]
const fn with_number(text: &mut Text<1024>, around: [&str; 2], number: usize) {
    text.str(around[0]);
    text.number(number);
    text.str(around[1]);
}
