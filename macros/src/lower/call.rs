//! Layers that are called by name.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Ident;

use super::{Building, Flow, Lowering, Reach};
use crate::{
    ast::{Argument, Call},
    ir::{Check, Claim, Dim, Producer, Stage},
    layers,
    nearest::is_slip,
    text::text,
};

impl Call {
    pub(super) fn is_input(&self) -> bool {
        self.path.bare().is_some_and(|name| name == "Input")
    }

    pub(super) fn is_stream(&self) -> bool {
        self.path.bare().is_some_and(|name| name == "Stream")
    }

    pub(super) fn span(&self) -> Span {
        self.path.last().span()
    }

    pub(super) fn values(&self) -> &[Argument] {
        self.arguments
            .as_ref()
            .map_or(&[], |arguments| &arguments.values)
    }

    /// The call with a hole at the argument `at`.
    pub(super) fn around(&self, at: usize) -> [String; 2] {
        let list = |arguments: &[Argument]| {
            let texts: Vec<String> = arguments.iter().map(text).collect();
            texts.join(", ")
        };
        let (before, after) = (&self.values()[..at], &self.values()[at + 1..]);
        let comma = |arguments: &[Argument]| if arguments.is_empty() { "" } else { ", " };
        [
            format!("{}({}{}", text(&self.path), list(before), comma(before)),
            format!("{}{})", comma(after), list(after)),
        ]
    }
}

impl Lowering<'_> {
    /// `Input(5)`
    pub(super) fn input(
        &mut self,
        to: &mut Building,
        call: &Call,
        name: Option<&Ident>,
        is_first: bool,
        flow: &mut Flow,
    ) {
        if !is_first {
            let message = "`Input` can only stand first\nhelp: leave it out";
            return self.errors.error(call, message);
        }
        self.enters("Input", to, call, name, flow);
    }

    /// `Input(5)` or `Stream(5)`, where it may stand.
    pub(super) fn enters(
        &mut self,
        word: &str,
        to: &mut Building,
        call: &Call,
        name: Option<&Ident>,
        flow: &mut Flow,
    ) {
        if let Some(name) = name {
            let message = format!("`{word}` says what enters; it is no layer and has no name");
            self.errors.error(name, message);
        }
        let write = [format!("{word}("), ")".to_owned()];
        let (size, at) = match call.values() {
            [Argument::Value(size)] => (self.size(size), size.to_token_stream()),
            [Argument::Infer(underscore)] => {
                let message = format!(
                    "nothing reaches `{word}` that `_` could stand for\n\
                     help: write the number of inputs"
                );
                let error = syn::Error::new_spanned(underscore, message);
                (self.hole(error), underscore.to_token_stream())
            }
            _ => {
                let message = format!("`{word}` takes one size\nhelp: write `{word}(5)`");
                let error = syn::Error::new_spanned(call, message);
                (self.hole(error), call.to_token_stream())
            }
        };
        to.takes = Some(size.clone());
        if let Some(reach) = flow {
            return self.reached(call, at, size, write, reach);
        }
        to.input = Some(size.clone());
        *flow = Some(Reach {
            size,
            from: Producer {
                written: text(call),
                write: Some(write),
                at,
                is_beside: false,
            },
        });
    }

    /// A layer takes what reaches it.
    pub(super) fn reached(
        &mut self,
        call: &Call,
        at: TokenStream,
        takes: Dim,
        write: [String; 2],
        reach: &Reach,
    ) {
        self.checks.push(Check {
            at,
            claim: Claim::Inputs {
                takes,
                gets: reach.size.clone(),
                layer: text(call),
                producer: Box::new(reach.from.clone()),
                write,
            },
        });
    }

    pub(super) fn call(&mut self, call: &Call, flow: &mut Flow) -> Stage {
        let bare = call.path.bare().map(ToString::to_string);
        if let Some(name) = bare.filter(|name| !self.declares(name)) {
            if let Some(spec) = layers::find(&name) {
                return self.built_in(spec, call, flow);
            }
            if let Some(meant) = layers::names().find(|meant| is_slip(&name, meant)) {
                let own = if call.arguments.is_none() {
                    format!(", or `self::{name}` for a type of your own")
                } else {
                    String::new()
                };
                let message = format!("`{name}` is no layer\nhelp: write `{meant}`{own}");
                self.errors.error(&call.path, message);
                if let Some(spec) = layers::find(meant) {
                    return self.built_in(spec, call, flow);
                }
            }
        }
        self.own(call, flow)
    }
}
