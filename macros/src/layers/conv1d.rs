//! `Conv1d(in_channels, out_channels, kernel_size, dilation = 1, groups = 1, bias = true)`

use proc_macro2::Span;
use quote::quote_spanned;

use super::{Built, Call, Form, Kind, Spec};

/// More than a stream of audio has in hours.
const MOST: usize = 1 << 30;

pub(crate) const SPEC: Spec = Spec {
    name: "Conv1d",
    form: Form::Causal,
    sizes: &["in_channels", "out_channels", "kernel_size"],
    options: &[
        ("dilation", Kind::UpTo(MOST)),
        ("groups", Kind::UpTo(MOST)),
        ("bias", Kind::Flag),
    ],
    needs_options: false,
    build,
};

fn build(call: &Call<'_>) -> Built {
    let (ty, scalar, krate, span) = (&call.ty, call.scalar, call.krate, Span::mixed_site());
    let [output, kernel, each, columns, past] = &call.sizes[..] else {
        unreachable!("two written sizes, and those that follow from them");
    };
    let has_bias = !call.is_off("bias");
    let no_bias = (!has_bias).then(|| quote_spanned!(span=> , #krate::NoBias));
    let mut tensors = vec![("weight", vec![output.clone(), each.clone(), kernel.clone()])];
    if has_bias {
        tensors.push(("bias", vec![output.clone()]));
    }
    let sizes = [&call.input, output, kernel, columns, past].map(super::Dim::argument);
    Built {
        ty: quote_spanned!(span=> #ty<#scalar, #(#sizes),* #no_bias>),
        output: output.clone(),
        options: Vec::new(),
        init: None,
        tensors,
    }
}
