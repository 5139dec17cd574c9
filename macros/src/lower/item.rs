//! A declaration's attributes.

use quote::ToTokens;
use syn::{Attribute, Path, Token, punctuated::Punctuated};

use super::settings::Settings;
use crate::{errors::Errors, nearest::is_slip, packed};

pub(crate) struct Attributes {
    pub(crate) settings: Settings,
    pub(crate) cfgs: Vec<Attribute>,
    /// What goes on the struct as it is.
    pub(crate) passed: Vec<Attribute>,
}

impl Attributes {
    /// What goes on the types of blocks as well: all but the documentation.
    pub(crate) fn shared(&self) -> Vec<Attribute> {
        let is_doc = |attribute: &&Attribute| attribute.path().is_ident("doc");
        let shared = self.passed.iter().filter(|attribute| !is_doc(attribute));
        shared.cloned().collect()
    }
}

pub(crate) fn attributes(written: Vec<Attribute>, errors: &mut Errors) -> Attributes {
    let mut attributes = Attributes {
        settings: Settings::default(),
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
            if let Err(error) = attributes.settings.read(&attribute) {
                errors.push(error);
            }
        } else if path.is_ident("cfg") {
            attributes.cfgs.push(attribute);
        } else if !packed::is_refused(&attribute, errors) {
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
