//! A declaration's attributes.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Ident, Path, Token, punctuated::Punctuated};

use crate::{
    errors::Errors,
    nearest::{is_slip, nearest},
};

pub(crate) struct Attributes {
    /// `f32` or `f64`, where it is set.
    scalar: Option<Ident>,
    pub(crate) cfgs: Vec<Attribute>,
    /// What goes on the struct as it is.
    pub(crate) passed: Vec<Attribute>,
}

impl Attributes {
    pub(crate) fn scalar(&self) -> Ident {
        let default = || Ident::new("f32", Span::mixed_site());
        self.scalar.clone().unwrap_or_else(default)
    }

    /// What goes on the types of blocks as well: all but the documentation.
    pub(crate) fn shared(&self) -> Vec<Attribute> {
        let is_doc = |attribute: &&Attribute| attribute.path().is_ident("doc");
        let shared = self.passed.iter().filter(|attribute| !is_doc(attribute));
        shared.cloned().collect()
    }
}

pub(crate) fn attributes(written: Vec<Attribute>, errors: &mut Errors) -> Attributes {
    let mut attributes = Attributes {
        scalar: None,
        cfgs: Vec::new(),
        passed: Vec::new(),
    };
    for attribute in written {
        let path = attribute.path();
        let name = path.get_ident().map(ToString::to_string);
        let is_setting = path.is_ident("network");
        let is_slip = name.is_some_and(|name| is_slip(&name, "network"));
        if is_slip && !is_setting {
            let message = "there is no such attribute\nhelp: write `network`";
            errors.error(path, message);
        }
        if is_slip {
            if let Err(error) = settings(&attribute, &mut attributes) {
                errors.push(error);
                // The likeliest meaning, so that what uses the network has nothing to add.
                if attribute.to_token_stream().to_string().contains("f64") {
                    attributes.scalar = Some(Ident::new("f64", Span::mixed_site()));
                }
            }
        } else if path.is_ident("cfg") {
            attributes.cfgs.push(attribute);
        } else {
            let attribute = if path.is_ident("derive") {
                without_refused(attribute, errors)
            } else {
                attribute
            };
            attributes.passed.push(attribute);
        }
    }
    attributes
}

/// `#[network(scalar = f64)]`
fn settings(attribute: &Attribute, attributes: &mut Attributes) -> syn::Result<()> {
    attribute.parse_nested_meta(|meta| {
        if !meta.path.is_ident("scalar") {
            let written = meta.path.to_token_stream().to_string();
            let meant = nearest(&written, ["scalar"])
                .map(|meant| format!("\nhelp: write `{meant}`"))
                .unwrap_or_default();
            return Err(meta.error(format!(
                "`{written}` is no setting of a network; there is `scalar`{meant}"
            )));
        }
        if attributes.scalar.is_some() {
            return Err(meta.error("`scalar` is given twice"));
        }
        if !meta.input.peek(Token![=]) {
            return Err(meta.error("`scalar` has a value\nhelp: write `scalar = f64`"));
        }
        let scalar: TokenStream = meta.value()?.call(next_token)?;
        match scalar.to_string().as_str() {
            name @ ("f32" | "f64") => {
                attributes.scalar = Some(Ident::new(name, Span::mixed_site()));
                Ok(())
            }
            name => Err(syn::Error::new_spanned(
                &scalar,
                format!("the scalar is `f32` or `f64`, not `{name}`"),
            )),
        }
    })
}

fn next_token(input: syn::parse::ParseStream<'_>) -> syn::Result<TokenStream> {
    input.parse::<proc_macro2::TokenTree>().map(Into::into)
}

/// The derives without those that are there already, each of which is an error.
fn without_refused(attribute: Attribute, errors: &mut Errors) -> Attribute {
    let parse = Punctuated::<Path, Token![,]>::parse_terminated;
    // What isn't a list of paths is left to the compiler.
    let Ok(paths) = attribute.parse_args_with(parse) else {
        return attribute;
    };
    let (refused, passed): (Vec<Path>, Vec<Path>) = paths.into_iter().partition(|path| {
        let last = path.segments.last().map(|last| last.ident.to_string());
        matches!(last.as_deref(), Some("Clone" | "Debug" | "Parameters"))
    });
    if refused.is_empty() {
        return attribute;
    }
    for path in refused {
        let name = path.to_token_stream();
        let message = format!("`{name}` is there already\nhelp: leave it out of the derives");
        errors.error(&path, message);
    }
    syn::parse_quote!(#[derive(#(#passed),*)])
}
