//! `#[repr(packed)]`, which is refused: tensors are read where they are, and must be aligned.

use syn::{Attribute, Meta, Token, punctuated::Punctuated};

use crate::errors::Errors;

/// Whether it is that; then an error says so.
pub(crate) fn is_refused(attribute: &Attribute, errors: &mut Errors) -> bool {
    let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
    if !attribute.path().is_ident("repr") {
        return false;
    }
    // What isn't a list is left to the compiler.
    let metas = attribute.parse_args_with(parse).into_iter().flatten();
    let Some(meta) = metas
        .into_iter()
        .find(|meta| meta.path().is_ident("packed"))
    else {
        return false;
    };
    let message = "tensors are not aligned in a packed struct\nhelp: leave `packed` out";
    errors.error(&meta, message);
    true
}
