//! The layers of [`layers`](crate::layers): their arguments, and what they expand to.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Ident};

use super::{Flow, Lowering, Reach, size::TOO_MANY};
use crate::{
    ast::{Argument, Call},
    ir::{Dim, Producer, Stage},
    layers::{self, Spec},
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
                    write: (spec.sizes.len() > 1 && call.values().len() > 1)
                        .then(|| call.around(1)),
                    at,
                    is_beside: false,
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
        if spec.needs_options && options.len() < spec.options.len() {
            let signature = spec.signature();
            let message = format!(
                "`{}` is not complete\nhelp: write `{signature}`, with numbers for both",
                text(call)
            );
            self.errors.error(call, message);
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
        match kind.value(value, self.krate) {
            Ok(value) => options.push((name.clone(), value)),
            Err(takes) => {
                let message = format!("`{name}` is {takes}, not `{}`", text(value));
                self.errors.error(value, message);
            }
        }
    }
}
