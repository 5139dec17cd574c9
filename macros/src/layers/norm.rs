//! `LayerNorm(normalized_shape, eps = 1e-5, elementwise_affine = true, bias = true)` and
//! `RMSNorm(normalized_shape, eps, elementwise_affine = true)`

use proc_macro2::Span;
use quote::quote_spanned;

use super::{Built, Call, Form, Kind, Spec, Takes};

pub(crate) const LAYER: Spec = Spec {
    name: "LayerNorm",
    form: Form::Sized,
    takes: Takes::VECTOR,
    sizes: &["normalized_shape"],
    options: &[
        ("eps", Kind::Number),
        ("elementwise_affine", Kind::Flag),
        ("bias", Kind::Flag),
    ],
    needs_options: false,
    build: |call| build(call, true),
};

pub(crate) const RMS: Spec = Spec {
    name: "RMSNorm",
    form: Form::Sized,
    takes: Takes::VECTOR,
    sizes: &["normalized_shape"],
    options: &[("eps", Kind::Number), ("elementwise_affine", Kind::Flag)],
    needs_options: false,
    build: |call| build(call, false),
};

fn build(call: &Call<'_>, may_have_bias: bool) -> Built {
    let (ty, scalar, krate, size) = (&call.ty, call.scalar, call.krate, call.input.argument());
    let has_weight = !call.options.is_off("elementwise_affine");
    let has_bias = has_weight && may_have_bias && !call.options.is_off("bias");
    let span = Span::mixed_site();
    let vector = |is_there: bool| {
        if is_there {
            quote_spanned!(span=> #krate::SVector<#scalar, #size>)
        } else {
            quote_spanned!(span=> #krate::NoBias)
        }
    };
    let mut tensors = Vec::new();
    if has_weight {
        tensors.push(("weight", vec![call.input.clone()]));
    }
    if has_bias {
        tensors.push(("bias", vec![call.input.clone()]));
    }
    let weight = vector(has_weight);
    let bias = may_have_bias.then(|| vector(has_bias));
    Built {
        ty: quote_spanned!(span=> #ty<#scalar, #size, #weight, #bias>),
        output: call.shape.clone(),
        options: call.options.fields(&["eps"]),
        init: None,
        tensors,
    }
}
