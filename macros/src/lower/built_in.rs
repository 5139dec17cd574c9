//! The layers of [`layers`](crate::layers): their arguments, and what they expand to.

use std::ptr;

use proc_macro2::Span;
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Ident};

use super::{Flow, Lowering, Reach};
use crate::{
    ast::{Argument, Call},
    check,
    ir::{Check, Claim, Dim, Producer, Shape, Stage, TOO_MANY, Value},
    layers::{self, Form, Given, Kind, Options, Spec, Whole, is_constant, is_none},
    nearest::nearest,
    text::text,
};

impl Lowering<'_> {
    /// A layer of [`layers`].
    pub(super) fn built_in(&mut self, spec: &'static Spec, call: &Call, flow: &mut Flow) -> Stage {
        let (mut written, mut options) = self.arguments(spec, call);
        let shape = if written.iter().all(Option::is_some) {
            self.taken(spec, call, flow)
        } else {
            // That is an error already.
            let hole = self.unknown();
            Some(self.holes(spec, hole))
        };
        let (shape, takes) = match (spec.inputs_at(), shape) {
            (Some(at), shape) => {
                let size = written.remove(at);
                self.inputs(call, (at, size), shape, flow)
            }
            (None, Some(shape)) => (shape.clone(), shape),
            (None, None) => unreachable!("without inputs of its own, a shape or a hole reaches it"),
        };
        let input = Self::channels(&shape);
        let at = match written.first() {
            Some(Some(size)) if spec.inputs_at() == Some(0) => size.to_token_stream(),
            _ => call.to_token_stream(),
        };
        let sizes = self.sizes(spec, call, &shape, &written, &mut options, flow);
        self.by_channel(spec, call, &shape, &options);
        let (name, krate) = (Ident::new(spec.name, call.span()), self.krate);
        let mut built = (spec.build)(&layers::Call {
            ty: quote_spanned!(Span::mixed_site()=> #krate::#name),
            scalar: &self.scalar,
            shape: shape.clone(),
            input,
            sizes,
            options,
            krate,
        });
        built.output = self.not_too_large(call, built.output);
        if !spec.keeps_sizes() || flow.is_none() {
            *flow = Some(Reach {
                shape: built.output.clone(),
                from: Producer {
                    written: text(call),
                    write: (spec.inputs_at() == Some(0) && call.values().len() > 1)
                        .then(|| call.around(1)),
                    at,
                    layer: call.to_token_stream(),
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
            ..Stage::new(built.ty, shape, built.output)
        };
        if spec.remembers() || self.is_causal(spec) {
            self.remembers(call, &mut stage);
        }
        stage
    }

    /// The sizes but for the inputs, and what follows from them.
    fn sizes(
        &mut self,
        spec: &'static Spec,
        call: &Call,
        shape: &Shape,
        written: &[Option<&Argument>],
        options: &mut Options,
        flow: &Flow,
    ) -> Vec<Dim> {
        let input = Self::channels(shape);
        match spec.form {
            Form::Pool | Form::Adaptive => {
                return self.slid(spec, call, shape, written, options, flow);
            }
            Form::Flat => return vec![self.all(shape)],
            _ => {}
        }
        let first = match written {
            [first, ..] => vec![self.written_size(*first)],
            [] => Vec::new(),
        };
        let mut sizes = self.not_too_many(call, &input, first);
        match spec.form {
            Form::Halved => sizes.push(self.half(call, &input, flow)),
            Form::Gated(gates) => sizes.push(self.sum(vec![sizes[0].clone(); gates])),
            Form::Grouped => self.num_groups(call, &sizes[0], &input),
            Form::Convolution if self.is_causal(spec) => {
                self.in_a_stream(spec, options);
                let kernel = written.last().copied().flatten();
                let kernel = self.written_size(kernel);
                let [each, columns, past] =
                    self.causal(call, &input, &[sizes[0].clone(), kernel.clone()], options);
                sizes.extend([each, columns, kernel, past]);
            }
            Form::Convolution => {
                let slid = self.slid(spec, call, shape, written, options, flow);
                let kernel = &slid[..spec.along()];
                let [each, columns] = self.seen(call, &input, &sizes[0], kernel, options);
                sizes = self.not_too_many(call, &columns, sizes);
                sizes.extend([each, columns].into_iter().chain(slid));
            }
            _ => {}
        }
        if let Some(at) = counted(spec) {
            sizes.push(self.count(spec.options[at].0, at, call, &input, flow));
        }
        sizes
    }

    fn written_size(&mut self, size: Option<&Argument>) -> Dim {
        match size {
            Some(Argument::Value(size)) => self.size(size),
            Some(Argument::Infer(infer)) => {
                let message = "`_` takes what reaches the layer; what leaves it is a number";
                self.hole(syn::Error::new_spanned(infer, message))
            }
            _ => self.unknown(),
        }
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

    /// The shape, or one of holes where a value would have too many numbers.
    pub(super) fn not_too_large(&mut self, call: &Call, shape: Shape) -> Shape {
        let Some(numbers) = shape.too_many() else {
            return shape;
        };
        let message = format!(
            "`{}` is too large: it would give {numbers} numbers",
            text(call)
        );
        let hole = self.hole(syn::Error::new_spanned(call, message));
        Shape::Dims(vec![hole; shape.dims().len()])
    }

    /// What reaches a layer, and what it says that it takes, by the argument at a place. It gets what
    /// reaches it, so that one mismatch is one error.
    fn inputs(
        &mut self,
        call: &Call,
        (at, written): (usize, Option<&Argument>),
        shape: Option<Shape>,
        flow: &Flow,
    ) -> (Shape, Shape) {
        match (written, shape, flow) {
            (Some(Argument::Value(size)), Some(shape), Some(reach)) => {
                let takes = self.size(size);
                let claim = Claim::Inputs {
                    takes: takes.clone(),
                    gets: Self::channels(&shape),
                    unit: if shape.dims().len() > 1 {
                        "channel"
                    } else {
                        "input"
                    },
                    layer: text(call),
                    producer: Box::new(reach.from.clone()),
                    write: call.around(at),
                };
                let at = size.to_token_stream();
                self.checks.push(Check { at, claim });
                let takes = shape.with_channels(&takes);
                (shape, takes)
            }
            (_, Some(shape), _) => (shape.clone(), shape),
            (Some(Argument::Value(size)), None, _) => {
                let takes = Shape::vector(self.size(size));
                (takes.clone(), takes)
            }
            (Some(Argument::Infer(infer)), None, _) => {
                let message = "nothing reaches the first layer that `_` could stand for\n\
                               help: write the number of inputs";
                let hole = self.hole(syn::Error::new_spanned(infer, message));
                let hole = Shape::vector(hole);
                (hole.clone(), hole)
            }
            _ => {
                let hole = Shape::vector(self.unknown());
                (hole.clone(), hole)
            }
        }
    }

    /// The arguments sorted into as many sizes as the layer has (`None` where one is missing) and
    /// its options.
    fn arguments<'c>(
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
                Argument::Infer(_) if counted(spec) == Some(place) => place += 1,
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
        if is_constant(value) {
            self.in_range(name, *kind, value);
        }
        let (value, numbers) = match kind.value(name, value, self.krate) {
            Ok(layers::Value::Tokens(tokens)) => (tokens, Vec::new()),
            Ok(layers::Value::Wholes(least, wholes)) => {
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

    /// The compiler calculates whether an option is what it may be.
    fn in_range(&mut self, name: &Ident, kind: Kind, value: &Expr) {
        let (krate, span) = (self.krate, Span::mixed_site());
        let message = format!(
            "`{name}` is {}, which `{}` is not",
            kind.takes(),
            text(value)
        );
        // That it is an `f64` is said where it becomes a field.
        let number =
            quote_spanned!(span=> { let number = #value; number as #krate::__private::f64 });
        let (function, arguments) = match kind {
            Kind::Within(least, most) => {
                let most = most.min(f64::MAX);
                (
                    "within",
                    quote_spanned!(span=> #number, [#least, #most], #message),
                )
            }
            Kind::Nonzero => ("nonzero", quote_spanned!(span=> #number, #message)),
            _ => return,
        };
        self.checks.push(Check {
            at: value.to_token_stream(),
            claim: Claim::Asked {
                function,
                arguments,
            },
        });
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

/// Which of a layer's options says how many parameters it has.
fn counted(spec: &Spec) -> Option<usize> {
    let mut options = spec.options.iter();
    options.position(|(_, kind)| *kind == Kind::Count)
}
