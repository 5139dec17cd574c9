//! `Stream(n)`: networks that remember.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Ident;

use super::{Building, Flow, Lowering, Reach, state};
use crate::{
    ast::{Call, Chain, Layer, Stage as Written},
    ir::{Dim, Fits, Memory, Stage, Value},
    layers::{Form, Given, Options, Spec},
    nearest::is_slip,
    text::text,
};

impl Lowering<'_> {
    /// Whether the whole network remembers: also where `Stream` is misspelt or stands in a wrong place,
    /// which is an error of its own.
    pub(super) fn remember(&mut self, chain: &Chain) {
        if !self.declares("Stream") && has_stream(chain) {
            self.memory = Memory::Stream;
            self.blocks.insert(state(&self.root).to_string());
        }
    }

    /// `Stream(1)`
    pub(super) fn stream(
        &mut self,
        to: &mut Building,
        call: &Call,
        name: Option<&Ident>,
        is_first: bool,
        flow: &mut Flow,
    ) {
        if is_first {
            return self.enters("Stream", to, call, name, flow);
        }
        if is_doubled(to, flow) {
            return;
        }
        let written = text(call);
        let message = if to.name == self.root {
            format!(
                "`{written}` can only stand first: it says that the whole network remembers\n\
                 help: begin the chain with `Stream(n)`, and leave it out here"
            )
        } else {
            format!(
                "`{written}` can only stand first in the whole network, not in a part of it\n\
                 help: begin the whole chain with `Stream(n)`, and leave it out here"
            )
        };
        self.errors.error(call, message);
    }

    /// Whether the whole network remembers.
    pub(super) fn is_stream(&self) -> bool {
        self.memory == Memory::Stream
    }

    /// Whether it is a convolution of what came before; also where `Stream` is missing, as has been said.
    pub(super) fn is_causal(&self, spec: &Spec) -> bool {
        self.memory != Memory::None && spec.form == Form::Convolution && spec.along() == 1
    }

    /// In a stream, a convolution gives a value for each that enters, and what came before is its padding.
    pub(super) fn in_a_stream(&mut self, spec: &Spec, options: &Options) {
        for Given { name, at, .. } in &options.0 {
            if name == "stride" || name == "padding" {
                let message = format!(
                    "in a stream, `{}` has no `{name}`: it gives a value for each that enters, and \
                     sees what came before\nhelp: leave it out",
                    spec.name
                );
                self.errors.error(at, message);
            }
        }
    }

    /// The inputs that each output of a convolution sees, and the columns of its weight.
    pub(super) fn seen(
        &mut self,
        call: &Call,
        input: &Dim,
        output: &Dim,
        kernel: &[Dim],
        options: &Options,
    ) -> [Dim; 2] {
        let of = [(input, "input channels"), (output, "output channels")];
        let each = self.each(call, &of, options);
        let mut columns = each.clone();
        for kernel in kernel {
            let text = format!("{} · {}", columns.text(), kernel.text());
            let value = quote_spanned!(Span::mixed_site()=> #columns * #kernel);
            columns = self.following([&columns, kernel], usize::saturating_mul, value, text);
        }
        [each, columns]
    }

    /// The groups of a `GroupNorm` divide its channels.
    pub(super) fn num_groups(&mut self, call: &Call, groups: &Dim, channels: &Dim) {
        let Some(at) = call.values().first() else {
            return;
        };
        let of = [(channels, "channels")];
        self.divides(groups, &at.to_token_stream(), &of, call);
    }

    /// The inputs in each of a convolution's groups, which divide the inputs and the outputs.
    fn each(&mut self, call: &Call, of: &[(&Dim, &'static str); 2], options: &Options) -> Dim {
        let (groups, [(input, _), _]) = (options.number("groups"), of);
        if let Some(given) = options.find("groups") {
            self.divides(&groups, &given.at, of, call);
        }
        let krate = self.krate;
        self.following(
            [input, &groups],
            |input, groups| input / groups,
            quote_spanned!(Span::mixed_site()=> #krate::__private::check::each(#input, #groups)),
            format!("{} / {}", input.text(), groups.text()),
        )
    }

    /// What follows from the sizes of a convolution: the inputs that each output sees, the columns of
    /// its weight, and how many values it remembers.
    pub(super) fn causal(
        &mut self,
        call: &Call,
        input: &Dim,
        sizes: &[Dim],
        options: &Options,
    ) -> [Dim; 3] {
        let [output, kernel] = sizes else {
            return [0; 3].map(|_| self.unknown());
        };
        let each = self.each(call, &[(input, "inputs"), (output, "outputs")], options);
        let (span, dilation) = (Span::mixed_site(), options.number("dilation"));
        let columns = self.following(
            [&each, kernel],
            usize::saturating_mul,
            quote_spanned!(span=> #each * #kernel),
            format!("{} · {}", each.text(), kernel.text()),
        );
        let past = self.following(
            [kernel, &dilation],
            |kernel, dilation| (kernel - 1).saturating_mul(dilation),
            quote_spanned!(span=> (#kernel - 1) * #dilation),
            format!("({} − 1) · {}", kernel.text(), dilation.text()),
        );
        [each, columns, past]
    }

    /// A size that follows from others.
    fn following(
        &mut self,
        of: [&Dim; 2],
        known: impl Fn(usize, usize) -> usize,
        value: TokenStream,
        text: String,
    ) -> Dim {
        match of {
            [Dim::Known(a), Dim::Known(b)] => Dim::Known(known(*a, *b)),
            [hole @ Dim::Hole(_), _] | [_, hole @ Dim::Hole(_)] => hole.clone(),
            _ => Dim::Const(self.constant(Value::Of(value)), text),
        }
    }

    /// A layer that remembers stands in a chain that does, or is an error, once for all such layers.
    pub(super) fn remembers(&mut self, call: &Call, stage: &mut Stage) {
        stage.remembers = true;
        if self.memory == Memory::Stream {
            return;
        }
        if self.memory == Memory::None {
            self.memory = Memory::Missing;
            self.errors.error(&call.path, forgets(&stage.layer));
        }
        stage.fits = Fits::Const(quote_spanned!(Span::mixed_site()=> false));
    }
}

/// Whether all that stands before is an `Input` or `Stream` in error, as where the word is written twice.
pub(super) fn is_doubled(to: &Building, flow: &Flow) -> bool {
    let is_hole = |reach: &Reach| reach.shape.hole().is_some();
    to.stages.is_empty() && flow.as_ref().is_some_and(is_hole)
}

/// What is said of a layer that remembers in a network that does not.
pub(super) fn forgets(layer: &str) -> String {
    format!(
        "`{layer}` remembers what came before, and this network does not\n\
         help: begin the whole chain with `Stream(n)`, with the number of inputs for n"
    )
}

fn has_stream(chain: &Chain) -> bool {
    chain
        .stages
        .iter()
        .any(|Written { layer, .. }| match layer {
            Layer::Call(call) => {
                let bare = call.path.bare().map(ToString::to_string);
                bare.is_some_and(|name| is_slip(&name, "Stream"))
            }
            Layer::Group(chain) => has_stream(chain),
            Layer::Repeat(repeat) => has_stream(&repeat.chain),
            Layer::Combine(combine) => combine.branches.iter().any(has_stream),
            Layer::Unreadable(_) => false,
        })
}
