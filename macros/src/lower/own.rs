//! Everybody's own layers and networks, which only the compiler knows.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::{Flow, Lowering, Reach};
use crate::{
    ast::Call,
    combine,
    ir::{Dim, Fits, Memory, Probe, Producer, Shape, Stage, Value},
    layers,
    nearest::nearest,
    text::text,
};

impl Lowering<'_> {
    /// A network, or a type that implements `Layer`.
    pub(super) fn own(&mut self, call: &Call, flow: &mut Flow) -> Stage {
        let written = text(&call.path);
        let ty = call.path.to_token_stream();
        let is_combinator = call.path.bare().is_some_and(|name| {
            let name = name.to_string();
            combine::find(&name).is_some() && !self.declares(&name)
        });
        if call.arguments.is_some() || is_combinator {
            return self.no_layer(call, flow);
        }
        let (input, producer) = match flow {
            Some(reach) => (reach.shape.clone(), Some(reach.from.clone())),
            None => {
                let path = self.constant(Value::First {
                    layer: ty.clone(),
                    written: written.clone(),
                });
                (self.own_shape(path), None)
            }
        };
        let path = self.constant(Value::Outputs {
            probe: Probe {
                layer: ty.clone(),
                input: input.clone(),
                scalar: self.scalar.clone(),
                streams: self.memory == Memory::Stream,
            },
            written: written.clone(),
            producer,
        });
        let krate = self.krate;
        let is_known =
            quote_spanned!(Span::mixed_site()=> #krate::__private::check::is_known(#path));
        let output = self.own_shape(path);
        *flow = Some(Reach {
            shape: output.clone(),
            from: Producer {
                written: written.clone(),
                write: None,
                at: ty.clone(),
                layer: ty.clone(),
                is_beside: false,
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

    /// A shape that only the compiler knows. In a stream there are vectors only.
    fn own_shape(&self, constant: TokenStream) -> Shape {
        if !self.is_stream() {
            return Shape::Own(constant);
        }
        let features = quote_spanned!(Span::mixed_site()=> #constant.len());
        Shape::vector(Dim::Const(features, "…".to_owned()))
    }

    /// What looks like a built-in layer and is none.
    fn no_layer(&mut self, call: &Call, flow: &mut Flow) -> Stage {
        let written = text(&call.path);
        let last = call.path.last().to_string();
        let message = if let Some(spec) = combine::find(&last) {
            format!(
                "`{last}` has chains, without a path before it\nhelp: write `{}`",
                spec.example
            )
        } else if layers::find(&last).is_some() {
            format!("built-in layers are written without a path\nhelp: write `{last}`")
        } else if let Some(help) = layers::instead(&written) {
            format!("PyTorch has `{written}`, layerwise does not\nhelp: {help}")
        } else {
            let help = nearest(&written, layers::names().chain(["Input", "Stream"]))
                .map(|meant| format!("\nhelp: write `{meant}`"))
                .unwrap_or_default();
            format!("`{written}` is no built-in layer, and a type of your own takes no `(…)`{help}")
        };
        let output = Shape::vector(self.hole(syn::Error::new_spanned(&call.path, message)));
        let input = match flow {
            Some(reach) => reach.shape.clone(),
            None => output.clone(),
        };
        *flow = Some(Reach {
            shape: output.clone(),
            from: Producer {
                written: text(call),
                write: None,
                at: call.to_token_stream(),
                layer: call.to_token_stream(),
                is_beside: false,
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
