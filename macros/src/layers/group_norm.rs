//! `GroupNorm(num_groups, num_channels, eps = 1e-5, affine = true)`

use proc_macro2::{Ident, Span};
use quote::{ToTokens, quote_spanned};

use super::{Built, Call, Form, Kind, Spec, Takes};

pub(crate) const SPEC: Spec = Spec {
    name: "GroupNorm",
    form: Form::Grouped,
    takes: Takes::ANY,
    sizes: &["num_groups", "num_channels"],
    options: &[("eps", Kind::Number), ("affine", Kind::Flag)],
    needs_options: false,
    build,
};

fn build(call: &Call<'_>) -> Built {
    let (ty, scalar, krate) = (&call.ty, call.scalar, call.krate);
    let (size, span) = (call.input.argument(), Span::mixed_site());
    let affine = call.options.is_off("affine");
    let no_affine = affine.then(|| quote_spanned!(span=> , #krate::NoBias));
    let mut tensors = Vec::new();
    if !affine {
        let vector = vec![call.input.clone()];
        tensors.extend([("weight", vector.clone()), ("bias", vector)]);
    }
    let mut options = call.options.fields(&["eps"]);
    let groups = call.sizes[0].to_token_stream();
    options.push((Ident::new("num_groups", span), groups));
    Built {
        ty: quote_spanned!(span=> #ty<#scalar, #size #no_affine>),
        output: call.shape.clone(),
        options,
        init: None,
        tensors,
    }
}
