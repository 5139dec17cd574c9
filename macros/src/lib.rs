//! The procedural macros of `layerwise`, which re-exports them and has their documentation.
//!
//! `parse` → `ast` → `lower` → `ir` → `check` → `expand`: one file or folder a phase.

mod ast;
mod check;
mod combine;
mod cycles;
mod derive;
mod errors;
mod expand;
mod fold;
mod ir;
mod layers;
mod lower;
mod nearest;
mod packed;
mod parse;
#[cfg(test)]
mod tests;
mod text;
mod weights;

use proc_macro::TokenStream;

/// The path of the runtime crate, `;`, and what the user wrote.
#[doc(hidden)]
#[proc_macro]
pub fn network(input: TokenStream) -> TokenStream {
    expand::network(input.into()).into()
}

/// Derives `Parameters`; see the trait.
#[proc_macro_derive(Parameters, attributes(parameters))]
pub fn parameters(input: TokenStream) -> TokenStream {
    derive::parameters(input.into()).into()
}

/// The names and options of the activations.
#[doc(hidden)]
#[proc_macro]
pub fn __activations(_: TokenStream) -> TokenStream {
    layers::activations().into()
}
