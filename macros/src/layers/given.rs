//! The options that a layer is given.

use proc_macro2::TokenStream;
use syn::Ident;

use crate::ir::Dim;

/// One of them.
pub(crate) struct Given {
    pub(crate) name: Ident,
    /// What was written for it.
    pub(crate) at: TokenStream,
    /// The value as Rust wants it.
    pub(crate) value: TokenStream,
    /// The numbers in it, one or one for each dimension, where it is one of whole numbers.
    pub(crate) numbers: Vec<Dim>,
}

#[derive(Default)]
pub(crate) struct Options(pub(crate) Vec<Given>);

impl Options {
    pub(crate) fn find(&self, name: &str) -> Option<&Given> {
        self.0.iter().find(|given| given.name == name)
    }

    /// The value of the option of this name.
    pub(crate) fn value(&self, name: &str) -> Option<&TokenStream> {
        self.find(name).map(|given| &given.value)
    }

    /// The number of an option, or 1.
    pub(crate) fn number(&self, name: &str) -> Dim {
        self.numbers(name)
            .map_or(Dim::Known(1), |[number, _]| number)
    }

    /// The numbers of an option for rows and columns, or twice the only one.
    pub(crate) fn numbers(&self, name: &str) -> Option<[Dim; 2]> {
        match &self.find(name)?.numbers[..] {
            [] => None,
            [one] => Some([one.clone(), one.clone()]),
            [first, second, ..] => Some([first.clone(), second.clone()]),
        }
    }

    /// Whether this flag is `false`.
    pub(crate) fn is_off(&self, name: &str) -> bool {
        self.is(name, "false")
    }

    /// Whether the option is given, and is this.
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        let given = self.value(name);
        given.is_some_and(|given| given.to_string() == value)
    }

    /// All of them, as fields of a type.
    pub(crate) fn all(&self) -> Vec<(Ident, TokenStream)> {
        let given = self.0.iter();
        given
            .map(|given| (given.name.clone(), given.value.clone()))
            .collect()
    }

    /// Those of these names.
    pub(crate) fn fields(&self, names: &[&str]) -> Vec<(Ident, TokenStream)> {
        let mut fields = self.all();
        fields.retain(|(given, _)| names.iter().any(|name| given == name));
        fields
    }
}
