//! `Linear(in_features, out_features, bias = true)`

use proc_macro2::Span;
use quote::quote_spanned;

use super::{Built, Call, Form, Kind, Shape, Spec, Takes};

pub(crate) const SPEC: Spec = Spec {
    name: "Linear",
    form: Form::Sized,
    takes: Takes::VECTOR,
    sizes: &["in_features", "out_features"],
    options: &[("bias", Kind::Flag)],
    needs_options: false,
    build,
};

fn build(call: &Call<'_>) -> Built {
    let (ty, scalar, krate) = (&call.ty, call.scalar, call.krate);
    let (input, output) = (&call.input, &call.sizes[0]);
    let bias = !call.options.is_off("bias");
    let (inputs, outputs) = (input.argument(), output.argument());
    let mut tensors = vec![("weight", vec![output.clone(), input.clone()])];
    let mut arguments = quote_spanned!(Span::mixed_site()=> #scalar, #inputs, #outputs);
    if bias {
        tensors.push(("bias", vec![output.clone()]));
    } else {
        arguments = quote_spanned!(Span::mixed_site()=> #arguments, #krate::NoBias);
    }
    Built {
        ty: quote_spanned!(Span::mixed_site()=> #ty<#arguments>),
        output: Shape::vector(output.clone()),
        options: Vec::new(),
        init: None,
        tensors,
    }
}
