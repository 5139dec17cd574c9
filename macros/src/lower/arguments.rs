//! The arguments of a layer of [`layers`](crate::layers), sorted into its sizes and its options.

use std::ptr;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Ident};

use super::Lowering;
use crate::{
    ast::{Argument, Call},
    ir::{Check, Claim, Dim, Value},
    layers::{Given, Kind, Options, Spec, Taken, Whole, is_none, known},
    nearest::nearest,
    text::text,
};

impl Lowering<'_> {
    /// The arguments sorted into as many sizes as the layer has (`None` where one is missing) and
    /// its options.
    pub(super) fn arguments<'c>(
        &mut self,
        spec: &'static Spec,
        call: &'c Call,
    ) -> (Vec<Option<&'c Argument>>, Options) {
        let mut sizes = Vec::new();
        let mut options = Options::default();
        let mut place = 0;
        let mut more = Vec::new();
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
                Argument::Infer(_) if spec.counted() == Some(place) => place += 1,
                Argument::Value(value)
                    if spec.has_placed_options() && place < spec.options.len() =>
                {
                    let name = Ident::new(spec.options[place].0, super::first_span(value));
                    place += 1;
                    self.option(spec, &name, value, &mut options);
                }
                _ => more.push(argument),
            }
        }
        if let Some(first) = more.first() {
            self.errors.error(first, self.too_many(spec, call, &more));
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
        if spec.needs_options && options.0.len() < spec.options.len() {
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

    /// What is said of arguments that have no place: of options, that they go by their names.
    fn too_many(&self, spec: &Spec, call: &Call, more: &[&Argument]) -> String {
        let (sizes, last) = call.values().split_at(call.values().len() - more.len());
        let named = spec
            .options
            .iter()
            .zip(more)
            .map(|((name, kind), argument)| {
                let Argument::Value(value) = argument else {
                    return None;
                };
                let is_last = last.iter().any(|last| ptr::eq(last, *argument));
                let name = Ident::new(name, Span::call_site());
                let taken = kind.value(&name, value, self.krate).is_ok();
                (is_last && taken).then(|| format!("{name} = {}", text(value)))
            });
        let named: Option<Vec<String>> = named.collect();
        match named.filter(|named| named.len() == more.len() && sizes.len() == spec.sizes.len()) {
            Some(named) => {
                let written: Vec<String> = sizes.iter().map(text).chain(named).collect();
                format!(
                    "`{}` takes options by their names\nhelp: write `{}({})`",
                    spec.name,
                    spec.name,
                    written.join(", ")
                )
            }
            None => format!(
                "`{}` takes no more arguments: it is `{}`",
                spec.name,
                spec.signature()
            ),
        }
    }

    fn option(&mut self, spec: &'static Spec, name: &Ident, value: &Expr, options: &mut Options) {
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
        if options.find(&name.to_string()).is_some() {
            let message = format!("`{name}` is given twice");
            return self.errors.error(name, message);
        }
        if matches!(kind, Kind::OrNone(_)) && is_none(value) {
            return;
        }
        let at = value.to_token_stream();
        let (value, numbers) = match kind.value(name, value, self.krate) {
            Ok(Taken::Tokens(_)) if kind.is_bounded() && known(value).is_none() => {
                (self.in_range(name, *kind, value), Vec::new())
            }
            Ok(Taken::Tokens(tokens)) => (tokens, Vec::new()),
            Ok(Taken::Wholes(least, wholes)) => {
                let numbers = self.numbers(name, least, &wholes);
                (kind.numbers(&numbers), numbers)
            }
            Err(message) => return self.errors.error(value, message),
        };
        options.0.push(Given {
            name: name.clone(),
            at,
            value,
            numbers,
        });
    }

    /// What only the compiler can calculate, and whether it is what the option may be.
    fn in_range(&mut self, name: &Ident, kind: Kind, written: &Expr) -> TokenStream {
        let (krate, span) = (self.krate, Span::mixed_site());
        let number = self.constant(Value::Number(written.to_token_stream()));
        let (takes, written_text) = (kind.takes(), text(written));
        let message = format!("`{name}` is {takes}, which `{written_text}` is not");
        let (function, arguments) = match kind {
            Kind::Within(least, most) if most.is_finite() => {
                let arguments = quote_spanned!(span=> #number, [#least, #most], #message);
                ("within", arguments)
            }
            Kind::Within(least, _) => {
                let most = quote_spanned!(span=> #krate::__private::f64::INFINITY);
                let arguments = quote_spanned!(span=> #number, [#least, #most], #message);
                ("within", arguments)
            }
            _ => ("nonzero", quote_spanned!(span=> #number, #message)),
        };
        self.checks.push(Check {
            at: written.to_token_stream(),
            claim: Claim::Asked {
                function,
                arguments,
            },
        });
        number
    }

    fn numbers(&mut self, name: &Ident, least: usize, wholes: &[Whole<'_>]) -> Vec<Dim> {
        let what = format!("`{name}`");
        let what = (least > 0).then_some(&*what);
        let numbers = wholes.iter().map(|whole| match whole {
            Whole::Known(number) => Dim::Known(*number),
            Whole::Constant(written) => self.calculated(written, what),
        });
        numbers.collect()
    }
}
