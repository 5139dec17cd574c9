//! Layers that are called by name.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Ident;

use super::{Building, Flow, Lowering, Reach, stream::is_doubled};
use crate::{
    ast::{Argument, Call},
    ir::{Check, Claim, Producer, Shape, Stage},
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
        if is_doubled(to, flow) {
            return;
        }
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
        let most = if word == "Input" { 3 } else { 1 };
        let (size, at) = match call.values() {
            [Argument::Value(size)] => (self.size(size), size.to_token_stream()),
            sizes @ [Argument::Value(_), ..]
                if sizes.len() <= most && sizes.iter().all(Argument::is_value) =>
            {
                let dims = sizes.iter().filter_map(|size| match size {
                    Argument::Value(size) => Some(self.size(size)),
                    _ => None,
                });
                let shape = Shape::Dims(dims.collect());
                let shape = self.not_too_large(call, shape);
                return self.entered(to, call, shape, (None, call.to_token_stream()), flow);
            }
            [Argument::Infer(underscore)] => {
                let message = format!(
                    "nothing reaches `{word}` that `_` could stand for\n\
                     help: write the number of inputs"
                );
                let error = syn::Error::new_spanned(underscore, message);
                (self.hole(error), underscore.to_token_stream())
            }
            _ => {
                let message = match word {
                    "Input" => {
                        "`Input` takes the sizes of what enters\nhelp: write `Input(5)` for \
                                vectors, `Input(channels, steps)` for windows, or `Input(channels, \
                                height, width)` for images"
                            .to_owned()
                    }
                    _ => format!("`{word}` takes one size\nhelp: write `{word}(5)`"),
                };
                let error = syn::Error::new_spanned(call, message);
                (self.hole(error), call.to_token_stream())
            }
        };
        let write = (Some(write), at);
        self.entered(to, call, Shape::vector(size), write, flow);
    }

    /// What `Input` says, and how it can be written with another size, and where.
    fn entered(
        &mut self,
        to: &mut Building,
        call: &Call,
        shape: Shape,
        (write, at): (Option<[String; 2]>, TokenStream),
        flow: &mut Flow,
    ) {
        to.takes = Some(shape.clone());
        if let Some(reach) = flow {
            let check = reached(call, &shape, write, reach, at);
            return self.checks.push(check);
        }
        to.input = Some(shape.clone());
        *flow = Some(Reach {
            shape,
            from: Producer {
                written: text(call),
                write,
                at,
                layer: call.to_token_stream(),
                is_beside: false,
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

/// `Input` at the beginning of a block takes what reaches it.
fn reached(
    call: &Call,
    takes: &Shape,
    write: Option<[String; 2]>,
    reach: &Reach,
    at: TokenStream,
) -> Check {
    let claim = match (takes.dims(), reach.shape.dims(), write) {
        ([takes], [gets], Some(write)) => Claim::Inputs {
            takes: takes.clone(),
            gets: gets.clone(),
            unit: "input",
            layer: text(call),
            producer: Box::new(reach.from.clone()),
            write,
        },
        _ => Claim::Shapes {
            takes: takes.clone(),
            gets: reach.shape.clone(),
            layer: text(call),
            producer: Box::new(reach.from.clone()),
        },
    };
    Check { at, claim }
}
