//! What the user wrote, with all of their tokens.

use proc_macro2::{Delimiter, Group, TokenStream, extra::DelimSpan};
use quote::{ToTokens, TokenStreamExt};
use syn::{
    AngleBracketedGenericArguments, Attribute, Expr, Ident, Token, Visibility, ext::IdentExt,
};

use crate::text::text;

/// The input of one `network!`.
pub(crate) struct Input {
    pub(crate) items: Vec<Item>,
    /// Whether it was a chain alone: the value of a network that has no name.
    pub(crate) is_expression: bool,
}

/// `pub struct Net = chain;`
pub(crate) struct Item {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    /// `Err` where it can't be read: the struct is there all the same, so that what uses it is not
    /// in error too.
    pub(crate) chain: syn::Result<Chain>,
}

/// `stage -> stage`
pub(crate) struct Chain {
    pub(crate) stages: Vec<Stage>,
}

/// `fc1: Linear(10, 5)`
pub(crate) struct Stage {
    pub(crate) name: Option<Ident>,
    pub(crate) layer: Layer,
}

pub(crate) enum Layer {
    Call(Call),
    /// `(chain)`
    Group(Chain),
    Repeat(Repeat),
    Combine(Combine),
    /// A stage that can't be read, and why.
    Unreadable(syn::Error),
}

/// `Linear(10, 5)`, `ReLU` or `my::Scale<5>`
pub(crate) struct Call {
    pub(crate) path: Path,
    pub(crate) arguments: Option<Arguments>,
}

/// A path as in types. Kept apart from `syn::Path`, which reads `Linear(…) -> ReLU` as the type of
/// a closure.
pub(crate) struct Path {
    pub(crate) leading_colon: Option<Token![::]>,
    pub(crate) segments: Vec<Segment>,
}

pub(crate) struct Segment {
    pub(crate) colon: Option<Token![::]>,
    pub(crate) ident: Ident,
    pub(crate) generics: Option<AngleBracketedGenericArguments>,
}

pub(crate) struct Arguments {
    pub(crate) values: Vec<Argument>,
    pub(crate) span: DelimSpan,
}

pub(crate) enum Argument {
    /// `_`
    Infer(Token![_]),
    /// A size, or an option that is given by its place.
    Value(Expr),
    /// `bias = false`
    Option(Ident, Expr),
}

impl Argument {
    pub(crate) fn is_value(&self) -> bool {
        matches!(self, Self::Value(_))
    }
}

/// `[chain; 3]`
pub(crate) struct Repeat {
    pub(crate) chain: Chain,
    pub(crate) count: Expr,
}

/// `Concat(chain, chain)`
pub(crate) struct Combine {
    /// What was written for the combinator.
    pub(crate) name: Ident,
    pub(crate) branches: Vec<Chain>,
}

impl Combine {
    pub(crate) fn text(&self) -> String {
        let branches: Vec<String> = self.branches.iter().map(Chain::text).collect();
        format!("{}({})", self.name, branches.join(", "))
    }
}

impl Path {
    /// The name, if it is one without path or generics.
    pub(crate) fn bare(&self) -> Option<&Ident> {
        match (&self.leading_colon, &self.segments[..]) {
            (None, [segment]) if segment.generics.is_none() => Some(&segment.ident),
            _ => None,
        }
    }

    /// The name, if it is one in this module: `Net` or `self::Net`.
    pub(crate) fn local(&self) -> Option<&Ident> {
        match (&self.leading_colon, &self.segments[..]) {
            (None, [first, name]) if first.ident == "self" => Some(&name.ident),
            _ => self.bare(),
        }
    }

    /// The last segment without generics.
    pub(crate) fn last(&self) -> Ident {
        let last = self.segments.last().expect("a path has a segment");
        last.ident.unraw()
    }
}

impl Chain {
    /// The chain as it is commonly written.
    pub(crate) fn text(&self) -> String {
        let stages: Vec<String> = self.stages.iter().map(Stage::text).collect();
        stages.join(" -> ")
    }
}

impl Stage {
    pub(crate) fn unreadable(error: syn::Error) -> Self {
        Self {
            name: None,
            layer: Layer::Unreadable(error),
        }
    }

    pub(crate) fn text(&self) -> String {
        let name = self.name.as_ref().map(|name| format!("{name}: "));
        let layer = match &self.layer {
            Layer::Call(call) => text(call),
            Layer::Group(chain) => format!("({})", chain.text()),
            Layer::Combine(combine) => combine.text(),
            Layer::Unreadable(_) => "…".to_owned(),
            Layer::Repeat(repeat) => {
                format!("[{}; {}]", repeat.chain.text(), text(&repeat.count))
            }
        };
        name.unwrap_or_default() + &layer
    }
}

impl ToTokens for Call {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.path.to_tokens(tokens);
        if let Some(arguments) = &self.arguments {
            let mut list = TokenStream::new();
            list.append_separated(&arguments.values, <Token![,]>::default());
            let mut group = Group::new(Delimiter::Parenthesis, list);
            group.set_span(arguments.span.join());
            tokens.append(group);
        }
    }
}

impl ToTokens for Path {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.leading_colon.to_tokens(tokens);
        for segment in &self.segments {
            segment.colon.to_tokens(tokens);
            segment.ident.to_tokens(tokens);
            segment.generics.to_tokens(tokens);
        }
    }
}

impl ToTokens for Argument {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Infer(underscore) => underscore.to_tokens(tokens),
            Self::Value(value) => value.to_tokens(tokens),
            Self::Option(name, value) => {
                name.to_tokens(tokens);
                <Token![=]>::default().to_tokens(tokens);
                value.to_tokens(tokens);
            }
        }
    }
}
