//! Tests of the expansion itself; what it does is tested in the `tests` crate.

mod any_tokens;
mod diagrams;
mod expansions;
mod readme;

use proc_macro2::TokenStream;
use quote::quote;

fn expand(declaration: &TokenStream) -> TokenStream {
    crate::expand::network(quote!(::layerwise; #declaration))
}
