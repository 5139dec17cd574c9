//! What combinators say of branches that don't go together.

use super::{Text, with_number};
use crate::value::Shape;

/// What a branch gives is what the first one gives. `at` is the combinator, as in `Add`, and `write` as
/// of [`outputs`](super::outputs).
#[track_caller]
#[inline]
pub const fn alike(first: Shape, gives: Shape, at: &str, written: [&str; 2], write: [&str; 2]) {
    if first.is(&gives) {
        return;
    }
    let mut text = Text::<1024>::from("shape mismatch: `");
    text.str(written[1]);
    text.str("` at the end of a branch of `");
    text.str(at);
    text.str("` gives ");
    text.shape(&gives);
    text.str(", but the first branch gives ");
    text.shape(&first);
    text.str(" by `");
    text.str(written[0]);
    text.str("`");
    as_it_should(&mut text, &first, &gives, write, " in both");
    panic!("{}", text.as_str());
}

/// What leaves a residual's chain is what enters it. `write` is as of [`outputs`](super::outputs).
#[track_caller]
#[inline]
pub const fn residual(enters: Shape, leaves: Shape, written: &str, write: [&str; 2]) {
    if enters.is(&leaves) {
        return;
    }
    let mut text = Text::<1024>::from("shape mismatch: `Residual` adds what enters, which is ");
    text.shape(&enters);
    text.str(", to what leaves, but `");
    text.str(written);
    text.str("` at its end gives ");
    text.shape(&leaves);
    as_it_should(&mut text, &enters, &leaves, write, "");
    panic!("{}", text.as_str());
}

/// How what a layer gives becomes what it should be, which may be that of another branch.
#[inline]
const fn as_it_should(
    text: &mut Text<1024>,
    should: &Shape,
    gives: &Shape,
    write: [&str; 2],
    in_both: &str,
) {
    let are_alike = should.rank() == gives.rank();
    if are_alike && should.rank() > 1 && should.channels() == gives.channels() {
        text.str("\nhelp: keep all places");
        text.str(in_both);
        text.str(", as with `padding = \"same\"`");
    } else if are_alike && !write[0].is_empty() {
        text.str("\nhelp: write `");
        with_number(text, write, should.channels());
        text.str("`");
    }
}
