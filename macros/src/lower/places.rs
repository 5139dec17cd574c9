//! Layers that go over the places of windows and images: what they see, and what leaves them.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Expr;

use super::{Flow, Lowering, Reach, stream::forgets};
use crate::{
    ast::{Argument, Call},
    check,
    ir::{Check, Claim, Dim, Memory, Shape, Slide, Value},
    layers::{self, Form, Options, Spec},
    text::text,
};

impl Lowering<'_> {
    /// The shape that reaches a layer, if it takes such values. `None` where nothing says it.
    pub(super) fn taken(&mut self, spec: &'static Spec, call: &Call, flow: &Flow) -> Option<Shape> {
        let Some(Reach { shape, from }) = flow else {
            if spec.takes.has(1) && spec.inputs_at() == Some(0) {
                return None;
            }
            let (written, sizes) = (
                text(call),
                ["n", "channels, steps", "channels, height, width"],
            );
            let (what, sizes) = match spec.takes.rank() {
                1 => ("how many inputs", sizes[0]),
                2 => ("what windows", sizes[1]),
                _ => ("what images", sizes[2]),
            };
            let numbers = match spec.takes.rank() {
                1 => "with the number of inputs for n",
                _ => "with numbers for them",
            };
            let message = format!(
                "nothing says {what} reach `{written}`\nhelp: write `Input({sizes}) -> {written}` \
                 {numbers}"
            );
            let hole = self.hole(syn::Error::new_spanned(&call.path, message));
            return Some(self.holes(spec, hole));
        };
        // In a stream, there are vectors only.
        if self.is_causal(spec) {
            return Some(shape.clone());
        }
        if let Some(hole) = shape.hole() {
            return Some(self.holes(spec, hole.clone()));
        }
        if spec.remembers() && !self.is_stream() && shape.dims().len() > 1 {
            // What enters is wrong because `Stream` is missing.
            self.memory = Memory::Missing;
            let error = syn::Error::new_spanned(&call.path, forgets(spec.name));
            let hole = self.hole(error);
            return Some(self.holes(spec, hole));
        }
        match shape {
            Shape::Dims(dims) if spec.takes.has(dims.len()) => Some(shape.clone()),
            Shape::Own(_) if spec.takes == layers::Takes::ANY => Some(shape.clone()),
            Shape::Own(_) => {
                let rank = spec.takes.rank();
                let takes = Value::Takes {
                    shape: shape.clone(),
                    takes: spec.takes,
                    siblings: [1, 2, 3].map(|rank| spec.sibling(rank).unwrap_or_default()),
                    at: call.to_token_stream(),
                    layer: text(call),
                    producer: from.clone(),
                };
                let constant = self.constant(takes);
                if spec.takes.0.count_ones() > 1 {
                    return Some(Shape::Own(constant));
                }
                let dim = |index: usize| {
                    let value = quote_spanned!(Span::mixed_site()=> #constant.dim(#index));
                    Dim::Const(value, "…".to_owned())
                };
                Some(Shape::Dims((0..rank).map(dim).collect()))
            }
            Shape::Dims(_) => {
                let message = check::not_taken(spec, shape, &text(call), from);
                let message = match message.split_once('\n') {
                    // In a stream, there is nothing else that could enter.
                    Some((message, _)) if self.is_stream() => message.to_owned(),
                    _ => message,
                };
                let hole = self.hole(syn::Error::new_spanned(call, message));
                Some(self.holes(spec, hole))
            }
        }
    }

    /// A shape of which nothing is known, but how many dimensions a layer takes.
    pub(super) fn holes(&self, spec: &Spec, hole: Dim) -> Shape {
        let rank = match spec.form {
            Form::Convolution if self.is_causal(spec) => 1,
            _ => spec.takes.rank(),
        };
        Shape::Dims(vec![hole; rank])
    }

    /// The features or the channels of a shape.
    pub(super) fn channels(shape: &Shape) -> Dim {
        match shape {
            Shape::Dims(dims) => dims[0].clone(),
            Shape::Own(constant) => {
                let channels = quote_spanned!(Span::mixed_site()=> #constant.channels());
                Dim::Const(channels, "…".to_owned())
            }
        }
    }

    /// How many numbers there are in all.
    pub(super) fn all(&mut self, shape: &Shape) -> Dim {
        if let Some(hole) = shape.hole() {
            return hole.clone();
        }
        match (shape.known(), shape.dims()) {
            (Some(sizes), _) => Dim::Known(sizes.iter().product()),
            (_, [features]) => features.clone(),
            _ => {
                let value = Value::Of(shape.len(self.krate));
                Dim::Const(self.constant(value), shape.text().replace('×', " · "))
            }
        }
    }

    /// The sizes of a layer that slides, behind those that were written: see `layers::convolution` and
    /// `layers::pool`.
    pub(super) fn slid(
        &mut self,
        spec: &'static Spec,
        call: &Call,
        shape: &Shape,
        written: &[Option<&Argument>],
        options: &mut Options,
        flow: &Flow,
    ) -> Vec<Dim> {
        let along = spec.along();
        let kernel = self.pair(written.last().copied().flatten(), along);
        let at = written.last().copied().flatten();
        let at = at.map_or_else(|| call.to_token_stream(), ToTokens::to_token_stream);
        let same = self.same_padding(call, &kernel, options);
        let both = |number| [Dim::Known(number), Dim::Known(number)];
        let padding = options.numbers("padding").unwrap_or(both(0));
        let stride = options.numbers("stride");
        let dilation = options.numbers("dilation").unwrap_or(both(1));
        if spec.form == Form::Pool {
            self.half_at_most(call, &kernel, options);
        }
        let ceil_mode = options.is("ceil_mode", "true");
        let mut outputs: Vec<Dim> = Vec::new();
        for i in 0..along {
            let places = &shape.dims()[i + 1];
            if same {
                outputs.push(places.clone());
                continue;
            }
            let slide = Slide {
                shape: shape.clone(),
                along: i + 1,
                kernel: kernel[i].clone(),
                stride: match (&stride, spec.form) {
                    (Some(stride), _) => stride[i].clone(),
                    (None, Form::Pool) => kernel[i].clone(),
                    (None, _) => Dim::Known(1),
                },
                padding: padding[i].clone(),
                dilation: dilation[i].clone(),
                ceil_mode,
                adapts: spec.form == Form::Adaptive,
                behind: outputs.last().cloned(),
            };
            let outputs_here = self.slides(slide, &at, call, flow);
            outputs.push(outputs_here);
        }
        match spec.form {
            Form::Adaptive => outputs,
            _ => kernel.into_iter().chain(outputs).collect(),
        }
    }

    /// `3` or `(3, 5)`
    fn pair(&mut self, written: Option<&Argument>, along: usize) -> Vec<Dim> {
        match written {
            Some(Argument::Value(Expr::Tuple(tuple)))
                if along > 1 && tuple.elems.len() == along =>
            {
                tuple.elems.iter().map(|size| self.size(size)).collect()
            }
            Some(Argument::Value(Expr::Tuple(tuple))) => {
                let message = match along {
                    1 => "a window's size is a number, such as `3`",
                    _ => "a window's size is a number or a pair of them, such as `3` or `(3, 5)`",
                };
                let hole = self.hole(syn::Error::new_spanned(tuple, message));
                vec![hole; along]
            }
            Some(Argument::Value(size)) => vec![self.size(size); along],
            Some(Argument::Infer(infer)) => {
                let message = "`_` takes what reaches the layer, and no kernel does";
                let hole = self.hole(syn::Error::new_spanned(infer, message));
                vec![hole; along]
            }
            _ => vec![self.unknown(); along],
        }
    }

    /// Puts numbers in the place of `"same"` and `"valid"`, and says whether it was the first.
    fn same_padding(&mut self, call: &Call, kernel: &[Dim], options: &mut Options) -> bool {
        if options.is("padding", "\"valid\"") {
            options.0.retain(|given| given.name != "padding");
        }
        if !options.is("padding", "\"same\"") {
            return false;
        }
        let ones = [Dim::Known(1), Dim::Known(1)];
        let stride = options.numbers("stride").unwrap_or(ones.clone());
        let dilation = options.numbers("dilation").unwrap_or(ones);
        let before = kernel.iter().zip(dilation).map(
            |(kernel, dilation)| quote_spanned!(Span::mixed_site()=> (#kernel - 1) * #dilation / 2),
        );
        let before = match kernel {
            [_] => quote_spanned!(Span::mixed_site()=> #(#before)*),
            _ => quote_spanned!(Span::mixed_site()=> [#(#before),*]),
        };
        for given in options.0.iter_mut().filter(|given| given.name == "padding") {
            given.value = before.clone();
            if stride.iter().any(|stride| stride.known() != Some(1)) {
                let message = format!(
                    "`{}` can't have `padding = \"same\"` with a stride: as many leave as enter \
                     with a stride of 1 only",
                    text(call)
                );
                self.errors.error(&given.at, message);
            }
        }
        true
    }

    /// A window may not be of padding alone.
    fn half_at_most(&mut self, call: &Call, kernel: &[Dim], options: &Options) {
        let Some((given, padding)) = options.find("padding").zip(options.numbers("padding")) else {
            return;
        };
        let windows = kernel.iter().cloned().zip(padding);
        self.checks.push(Check {
            at: given.at.clone(),
            claim: Claim::Padding {
                windows: windows.map(|(kernel, padding)| [kernel, padding]).collect(),
                layer: text(call),
            },
        });
    }

    /// How many outputs there are along one dimension.
    fn slides(&mut self, slide: Slide, at: &TokenStream, call: &Call, flow: &Flow) -> Dim {
        let Some(Reach { from, .. }) = flow else {
            return self.unknown();
        };
        // One error is enough for both dimensions.
        if let Some(hole @ Dim::Hole(_)) = &slide.behind {
            return hole.clone();
        }
        for size in slide.sizes() {
            if let hole @ Dim::Hole(_) = size {
                return hole.clone();
            }
        }
        let Some(slid) = slide.known() else {
            let value = Value::Slides {
                slide: Box::new(slide),
                at: at.clone(),
                layer: text(call),
                producer: from.clone(),
            };
            return Dim::Const(self.constant(value), "…".to_owned());
        };
        match slide.outputs(slid) {
            Some(outputs) => Dim::Known(outputs),
            None => {
                let message = check::leaves_nothing(&slide, slid, &text(call), from);
                self.hole(syn::Error::new_spanned(at, message))
            }
        }
    }

    /// A number of groups divides what they are groups of.
    pub(super) fn divides(
        &mut self,
        groups: &Dim,
        at: &TokenStream,
        of: &[(&Dim, &'static str)],
        call: &Call,
    ) {
        let of = of.iter().map(|(size, what)| ((*size).clone(), *what));
        self.checks.push(Check {
            at: at.clone(),
            claim: Claim::Groups {
                of: of.collect(),
                groups: groups.clone(),
                layer: text(call),
            },
        });
    }

    /// What goes by channel says so of a window or an image, as PyTorch counts the dimensions from
    /// outside.
    pub(super) fn by_channel(
        &mut self,
        spec: &'static Spec,
        call: &Call,
        shape: &Shape,
        options: &Options,
    ) {
        let goes_by_features = spec
            .options
            .iter()
            .any(|(_, kind)| *kind == layers::Kind::Features);
        let says_one = options.is("dim", "1");
        // One that is written and isn't here is an error already.
        let is_wrong = options.find("dim").is_none() && !call.values().is_empty();
        if !goes_by_features || says_one || is_wrong || shape.hole().is_some() {
            return;
        }
        match shape {
            Shape::Dims(dims) if dims.len() == 1 => {}
            Shape::Dims(_) => {
                let message = check::not_by_channel(shape, spec.name, &text(call));
                self.errors.error(call, message);
            }
            Shape::Own(shape) => {
                let (name, layer) = (spec.name, text(call));
                self.checks.push(Check {
                    at: call.to_token_stream(),
                    claim: Claim::Asked {
                        function: "places::by_channel",
                        arguments: quote_spanned!(Span::mixed_site()=> #shape, #name, #layer),
                    },
                });
            }
        }
    }
}
