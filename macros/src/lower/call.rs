//! Layers that are called by name: the built-in ones, `Input`, and everybody else's.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Ident};

use super::{Building, Flow, Lowering, Reach, size::TOO_MANY};
use crate::{
    ast::{Argument, Call},
    ir::{Check, Claim, Dim, Fits, Probe, Producer, Stage, Value},
    layers::{self, Spec},
    nearest::{is_slip, nearest},
    text::text,
};

impl Call {
    pub(super) fn is_input(&self) -> bool {
        self.path.bare().is_some_and(|name| name == "Input")
    }

    pub(super) fn span(&self) -> Span {
        self.path.last().span()
    }

    fn values(&self) -> &[Argument] {
        self.arguments
            .as_ref()
            .map_or(&[], |arguments| &arguments.values)
    }

    /// The call with a hole at the argument `at`.
    fn around(&self, at: usize) -> [String; 2] {
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
        if let Some(name) = name {
            let message = "`Input` says what enters; it is no layer and has no name";
            self.errors.error(name, message);
        }
        if !is_first {
            let message = "`Input` can only stand first\nhelp: leave it out";
            return self.errors.error(call, message);
        }
        let (size, at) = match call.values() {
            [Argument::Value(size)] => (self.size(size), size.to_token_stream()),
            [Argument::Infer(underscore)] => {
                let message = "nothing reaches `Input` that `_` could stand for\n\
                               help: write the number of inputs";
                let error = syn::Error::new_spanned(underscore, message);
                (self.hole(error), underscore.to_token_stream())
            }
            _ => {
                let message = "`Input` takes one size\nhelp: write `Input(5)`";
                let error = syn::Error::new_spanned(call, message);
                (self.hole(error), call.to_token_stream())
            }
        };
        to.takes = Some(size.clone());
        if let Some(reach) = flow {
            return self.reached(call, at, size, ["Input(".to_owned(), ")".to_owned()], reach);
        }
        to.input = Some(size.clone());
        *flow = Some(Reach {
            size,
            from: Producer {
                written: text(call),
                write: Some(["Input(".to_owned(), ")".to_owned()]),
                at,
            },
        });
    }

    /// A layer takes what reaches it.
    fn reached(
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

    /// A layer of [`layers`].
    fn built_in(&mut self, spec: &'static Spec, call: &Call, flow: &mut Flow) -> Stage {
        let (sizes, options) = self.arguments(spec, call);
        let mut sizes = sizes.into_iter();
        let (input, takes) = match sizes.next() {
            Some(first) => self.inputs(call, first, flow),
            None => match flow {
                Some(reach) => (reach.size.clone(), reach.size.clone()),
                None => {
                    let written = text(call);
                    let message = format!(
                        "nothing says how many inputs reach `{written}`\nhelp: write \
                         `Input(n) -> {written}` with the number of inputs for n"
                    );
                    let hole = self.hole(syn::Error::new_spanned(&call.path, message));
                    (hole.clone(), hole)
                }
            },
        };
        let written: Vec<Option<&Argument>> = sizes.collect();
        let at = written
            .first()
            .map_or_else(|| call.to_token_stream(), ToTokens::to_token_stream);
        let sizes: Vec<Dim> = written
            .into_iter()
            .map(|size| match size {
                Some(Argument::Value(size)) => self.size(size),
                Some(Argument::Infer(infer)) => {
                    let message = "`_` takes what reaches the layer; what leaves it is a number";
                    self.hole(syn::Error::new_spanned(infer, message))
                }
                _ => self.unknown(),
            })
            .collect();
        let sizes = self.not_too_many(call, &input, sizes);
        let (name, krate) = (Ident::new(spec.name, call.span()), self.krate);
        let built = (spec.build)(&layers::Call {
            ty: quote_spanned!(Span::mixed_site()=> #krate::#name),
            scalar: &self.scalar,
            input: input.clone(),
            sizes,
            options,
            krate,
        });
        if !spec.sizes.is_empty() || flow.is_none() {
            *flow = Some(Reach {
                size: built.output.clone(),
                from: Producer {
                    written: text(call),
                    write: (call.values().len() > 1).then(|| call.around(1)),
                    at,
                },
            });
        }
        Stage {
            layer: spec.name.to_owned(),
            written: format!("`{}`", text(call)),
            options: built.options,
            tensors: built.tensors,
            takes,
            ..Stage::new(built.ty, input, built.output)
        }
    }

    /// The sizes, or holes where their product is no size of a tensor.
    fn not_too_many(&mut self, call: &Call, input: &Dim, sizes: Vec<Dim>) -> Vec<Dim> {
        let known = |size: &Dim| match size {
            Dim::Known(size) => Some(*size as u128),
            _ => None,
        };
        let product = sizes
            .iter()
            .filter_map(known)
            .fold(known(input).unwrap_or(1), |a, b| a * b);
        if product <= u128::from(TOO_MANY) {
            return sizes;
        }
        let message = format!(
            "`{}` is too large: it would have {product} weights",
            text(call)
        );
        let hole = self.hole(syn::Error::new_spanned(call, message));
        vec![hole; sizes.len()]
    }

    /// What reaches a layer, and what it says that it takes. It gets what reaches it, so that one
    /// mismatch is one error.
    fn inputs(&mut self, call: &Call, written: Option<&Argument>, flow: &mut Flow) -> (Dim, Dim) {
        match (written, flow) {
            (Some(Argument::Value(size)), Some(reach)) => {
                let takes = self.size(size);
                let at = size.to_token_stream();
                self.reached(call, at, takes.clone(), call.around(0), reach);
                (reach.size.clone(), takes)
            }
            (_, Some(reach)) => (reach.size.clone(), reach.size.clone()),
            (Some(Argument::Value(size)), None) => {
                let takes = self.size(size);
                (takes.clone(), takes)
            }
            (Some(Argument::Infer(infer)), None) => {
                let message = "nothing reaches the first layer that `_` could stand for\n\
                               help: write the number of inputs";
                let hole = self.hole(syn::Error::new_spanned(infer, message));
                (hole.clone(), hole)
            }
            (_, None) => (self.unknown(), self.unknown()),
        }
    }

    /// The arguments sorted into as many sizes as the layer has (`None` where one is missing) and
    /// its options.
    fn arguments<'c>(
        &mut self,
        spec: &'static Spec,
        call: &'c Call,
    ) -> (Vec<Option<&'c Argument>>, Vec<(Ident, TokenStream)>) {
        let mut sizes = Vec::new();
        let mut options: Vec<(Ident, TokenStream)> = Vec::new();
        let mut place = 0;
        for argument in call.values() {
            match argument {
                Argument::Option(name, value) if spec.sizes.iter().any(|size| name == size) => {
                    let written = text(value);
                    let message = format!(
                        "`{name}` is a size, which has no name here\nhelp: write `{written}`"
                    );
                    self.hole(syn::Error::new_spanned(name, message));
                    sizes.push(None);
                }
                Argument::Option(name, value) => self.option(spec, name, value, &mut options),
                _ if sizes.len() < spec.sizes.len() => sizes.push(Some(argument)),
                Argument::Value(value) if spec.sizes.is_empty() && place < spec.options.len() => {
                    let name = Ident::new(spec.options[place].0, super::first_span(value));
                    place += 1;
                    self.option(spec, &name, value, &mut options);
                }
                _ => {
                    let message = format!(
                        "`{}` takes no more arguments: it is `{}`",
                        spec.name,
                        spec.signature()
                    );
                    self.errors.error(argument, message);
                }
            }
        }
        if sizes.len() < spec.sizes.len() {
            let message = format!(
                "`{}` is not complete\nhelp: write `{}({})`",
                text(call),
                spec.name,
                spec.sizes.join(", ")
            );
            let at = call.to_token_stream();
            self.hole(syn::Error::new_spanned(at, message));
            sizes.resize(spec.sizes.len(), None);
        }
        (sizes, options)
    }

    fn option(
        &mut self,
        spec: &'static Spec,
        name: &Ident,
        value: &Expr,
        options: &mut Vec<(Ident, TokenStream)>,
    ) {
        let Some((_, kind)) = spec.options.iter().find(|(option, _)| name == option) else {
            let names = spec.options.iter().map(|(option, _)| *option);
            let list: Vec<&str> = names.clone().collect();
            let has = match list[..] {
                [] => "it has none".to_owned(),
                _ => format!("it has `{}`", list.join("`, `")),
            };
            let help = nearest(&name.to_string(), names)
                .map(|meant| format!("\nhelp: write `{meant}`"))
                .unwrap_or_default();
            let message = format!("`{}` has no option `{name}`; {has}{help}", spec.name);
            return self.errors.error(name, message);
        };
        if options.iter().any(|(other, _)| other == name) {
            let message = format!("`{name}` is given twice");
            return self.errors.error(name, message);
        }
        match kind.value(value) {
            Ok(value) => options.push((name.clone(), value)),
            Err(takes) => {
                let message = format!("`{name}` is {takes}, not `{}`", text(value));
                self.errors.error(value, message);
            }
        }
    }

    /// A network, or a type that implements `Layer`.
    fn own(&mut self, call: &Call, flow: &mut Flow) -> Stage {
        let written = text(&call.path);
        let ty = call.path.to_token_stream();
        if call.arguments.is_some() {
            return self.no_layer(call, flow);
        }
        let (input, producer) = match flow {
            Some(reach) => (reach.size.clone(), Some(reach.from.clone())),
            None => {
                let path = self.constant(Value::First {
                    layer: ty.clone(),
                    written: written.clone(),
                });
                (Dim::Const(path, "…".to_owned()), None)
            }
        };
        let path = self.constant(Value::Outputs {
            probe: Probe {
                layer: ty.clone(),
                input: input.clone(),
                scalar: self.scalar.clone(),
            },
            written: written.clone(),
            producer,
        });
        let krate = self.krate;
        let is_known =
            quote_spanned!(Span::mixed_site()=> #krate::__private::check::is_known(#path));
        let output = Dim::Const(path, "…".to_owned());
        *flow = Some(Reach {
            size: output.clone(),
            from: Producer {
                written: written.clone(),
                write: None,
                at: ty.clone(),
            },
        });
        Stage {
            layer: call.path.last().to_string(),
            written: format!("[`{written}`]"),
            fits: Fits::Const(is_known.clone()),
            is_layer: Some(is_known),
            ..Stage::new(ty, input, output)
        }
    }

    /// What looks like a built-in layer and is none.
    fn no_layer(&mut self, call: &Call, flow: &mut Flow) -> Stage {
        let written = text(&call.path);
        let last = call.path.last().to_string();
        let message = if layers::find(&last).is_some() {
            format!("built-in layers are written without a path\nhelp: write `{last}`")
        } else {
            let help = nearest(&written, layers::names().chain(["Input"]))
                .map(|meant| format!("\nhelp: write `{meant}`"))
                .unwrap_or_default();
            format!("`{written}` is no built-in layer, and a type of your own takes no `(…)`{help}")
        };
        let output = self.hole(syn::Error::new_spanned(&call.path, message));
        let input = match flow {
            Some(reach) => reach.size.clone(),
            None => output.clone(),
        };
        *flow = Some(Reach {
            size: output.clone(),
            from: Producer {
                written: text(call),
                write: None,
                at: call.to_token_stream(),
            },
        });
        let krate = self.krate;
        let identity = quote_spanned!(Span::mixed_site()=> #krate::Identity);
        Stage {
            layer: written.clone(),
            written: format!("`{}`", text(call)),
            ..Stage::new(identity, input, output)
        }
    }
}
