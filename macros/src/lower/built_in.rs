//! The layers of [`layers`](crate::layers): their arguments, and what they expand to.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Ident};

use super::{Flow, Lowering, Reach, size::TOO_MANY};
use crate::{
    ast::{Argument, Call},
    check,
    ir::{Check, Claim, Dim, Producer, Stage, Value},
    layers::{self, Form, Kind, Spec},
    nearest::nearest,
    text::text,
};

impl Lowering<'_> {
    /// A layer of [`layers`].
    pub(super) fn built_in(&mut self, spec: &'static Spec, call: &Call, flow: &mut Flow) -> Stage {
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
        let mut sizes = self.not_too_many(call, &input, sizes);
        if spec.form == Form::Halved {
            sizes.push(self.half(call, &input, flow));
        }
        if let Form::Gated(gates) = spec.form {
            sizes.push(self.sum(vec![sizes[0].clone(); gates]));
        }
        if spec.form == Form::Causal {
            sizes.extend(self.causal(call, &input, &sizes, &options));
        }
        if let Some(at) = counted(spec) {
            sizes.push(self.count(spec.options[at].0, at, call, &input, flow));
        }
        let (name, krate) = (Ident::new(spec.name, call.span()), self.krate);
        let built = (spec.build)(&layers::Call {
            ty: quote_spanned!(Span::mixed_site()=> #krate::#name),
            scalar: &self.scalar,
            input: input.clone(),
            sizes,
            options,
            krate,
        });
        if spec.form != Form::Activation || flow.is_none() {
            *flow = Some(Reach {
                size: built.output.clone(),
                from: Producer {
                    written: text(call),
                    write: (spec.sizes.len() > 1 && call.values().len() > 1)
                        .then(|| call.around(1)),
                    at,
                    is_beside: false,
                },
            });
        }
        let mut stage = Stage {
            layer: spec.name.to_owned(),
            written: format!("`{}`", text(call)),
            options: built.options,
            init: built.init,
            tensors: built.tensors,
            takes,
            ..Stage::new(built.ty, input, built.output)
        };
        if spec.remembers() {
            self.remembers(call, &mut stage);
        }
        stage
    }

    /// Half of what reaches a layer.
    fn half(&mut self, call: &Call, input: &Dim, flow: &Flow) -> Dim {
        let (written, Some(Reach { from, .. })) = (text(call), flow) else {
            return self.unknown();
        };
        match input {
            Dim::Known(size) if size % 2 == 0 => Dim::Known(size / 2),
            Dim::Known(size) => {
                let message = check::not_even(*size, &written, from);
                self.hole(syn::Error::new_spanned(call, message))
            }
            Dim::Const(_, size) => {
                let size = format!("{size} / 2");
                let half = Value::Half {
                    size: input.clone(),
                    at: call.to_token_stream(),
                    written,
                    producer: from.clone(),
                };
                Dim::Const(self.constant(half), size)
            }
            Dim::Hole(_) => input.clone(),
        }
    }

    /// How many parameters an option says, of which there are one or as many as features.
    fn count(&mut self, name: &str, at: usize, call: &Call, input: &Dim, flow: &Flow) -> Dim {
        let values = call.values();
        let is_named = |argument: &&Argument| matches!(argument, Argument::Option(option, _) if option == name);
        let mut placed = values
            .iter()
            .filter(|value| !matches!(value, Argument::Option(..)));
        let size = match values.iter().find(is_named).or_else(|| placed.nth(at)) {
            None => return Dim::Known(1),
            Some(Argument::Infer(_) | Argument::Option(_, Expr::Infer(_))) => return input.clone(),
            Some(Argument::Value(size) | Argument::Option(_, size)) => size,
        };
        let count = self.size(size);
        if let Some(Reach { from, .. }) = flow {
            self.checks.push(Check {
                at: size.to_token_stream(),
                claim: Claim::Count {
                    count: count.clone(),
                    gets: input.clone(),
                    layer: text(call),
                    name: call.path.last().to_string(),
                    producer: Box::new(from.clone()),
                },
            });
        }
        count
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
                Argument::Infer(_) if counted(spec) == Some(place) => place += 1,
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
        if spec.needs_options && options.len() < spec.options.len() {
            let signature = spec.signature();
            let message = format!(
                "`{}` is not complete\nhelp: write `{signature}`, with numbers for both",
                text(call)
            );
            self.errors.error(call, message);
        }
        if let Some((at, message)) = spec.disorder(&options) {
            self.errors.error(at, message);
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
        match kind.value(name, value, self.krate) {
            Ok(value) => options.push((name.clone(), value)),
            Err(message) => self.errors.error(value, message),
        }
    }
}

/// Which of a layer's options says how many parameters it has.
fn counted(spec: &Spec) -> Option<usize> {
    let mut options = spec.options.iter();
    options.position(|(_, kind)| *kind == Kind::Count)
}
