//! The layers of [`layers`](crate::layers): their arguments, and what they expand to.

use proc_macro2::Span;
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Ident};

use super::{Flow, Lowering, Reach};
use crate::{
    ast::{Argument, Call},
    check,
    ir::{Check, Claim, Dim, Producer, Shape, Stage, TOO_MANY, Value},
    layers::{self, Form, Options, Spec},
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
        if let Some(at) = spec.counted() {
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
}
