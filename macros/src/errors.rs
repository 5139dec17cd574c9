//! The errors of one compile, collected so that all of them are shown.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Attribute;

/// Errors are let through where the phases meet; see [`expand`](crate::expand).
#[derive(Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    /// Notes an error at the tokens that are wrong.
    pub(crate) fn error(&mut self, at: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(at, message));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.push(error);
    }

    pub(crate) fn extend(&mut self, errors: impl IntoIterator<Item = syn::Error>) {
        self.0.extend(errors);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `compile_error!` items, each behind the attributes.
    pub(crate) fn into_tokens(self, cfgs: &[Attribute]) -> TokenStream {
        let errors = self.0.iter().map(syn::Error::to_compile_error);
        errors.map(|error| quote!(#(#cfgs)* #error)).collect()
    }
}
