//! The combinators: one row each in [`COMBINATORS`], with a file that says what its output is.

mod add;
mod concat;
mod multiply;
mod residual;

use crate::nearest::is_slip;

/// Every combinator.
pub(super) const COMBINATORS: &[Spec] = &[residual::SPEC, add::SPEC, multiply::SPEC, concat::SPEC];

/// What the macro knows of a combinator.
pub(crate) struct Spec {
    /// Its name, and that of its type in the runtime crate.
    pub(crate) name: &'static str,
    /// What stands where its lines meet in a picture.
    sign: &'static str,
    pub(crate) form: Form,
    /// How it is written, for messages.
    pub(crate) example: &'static str,
}

/// What it puts together, and what comes of it.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// What enters and what leaves one chain, which are of one size.
    Skip,
    /// What several branches give, which is of one size.
    Alike,
    /// What several branches give, one after another.
    InTurn,
}

/// The combinator of this name.
pub(crate) fn find(name: &str) -> Option<&'static Spec> {
    COMBINATORS.iter().find(|spec| spec.name == name)
}

/// What stands where the lines of the combinator of this name meet in a picture.
pub(crate) fn sign(name: &str) -> &'static str {
    find(name).map_or("", |spec| spec.sign)
}

/// The combinator that is meant by a name, perhaps with a slip.
pub(crate) fn meant(name: &str) -> Option<&'static Spec> {
    let slip = || COMBINATORS.iter().find(|spec| is_slip(name, spec.name));
    find(name).or_else(slip)
}
