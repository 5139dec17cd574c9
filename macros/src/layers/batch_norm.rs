//! `BatchNorm1d(num_features, eps = 1e-5, momentum = 0.1, affine = true, track_running_stats = true)` and
//! `BatchNorm2d`, which is the same for images

use proc_macro2::Span;
use quote::quote_spanned;

use super::{Built, Call, Form, Kind, Spec, Takes};

pub(crate) const ONE: Spec = Spec {
    name: "BatchNorm1d",
    takes: Takes(Takes::VECTOR.0 | Takes::WINDOW.0),
    form: Form::Sized,
    sizes: &["num_features"],
    options: &[
        ("eps", Kind::Number),
        ("momentum", Kind::Number),
        ("affine", Kind::Flag),
        (
            "track_running_stats",
            Kind::True(
                "without running statistics, `BatchNorm1d` would need those of a whole batch, and \
                 `forward` gets one sample",
            ),
        ),
    ],
    needs_options: false,
    build,
};

pub(crate) const TWO: Spec = Spec {
    name: "BatchNorm2d",
    takes: Takes::IMAGE,
    ..ONE
};

fn build(call: &Call<'_>) -> Built {
    let (ty, scalar, krate) = (&call.ty, call.scalar, call.krate);
    let (size, span) = (call.input.argument(), Span::mixed_site());
    let has_weight = !call.options.is_off("affine");
    let affine = (!has_weight).then(|| quote_spanned!(span=> , #krate::NoBias));
    let vector = |name| (name, vec![call.input.clone()]);
    let mut tensors = Vec::new();
    if has_weight {
        tensors.extend([vector("weight"), vector("bias")]);
    }
    tensors.extend([vector("running_mean"), vector("running_var")]);
    tensors.push(("num_batches_tracked", Vec::new()));
    Built {
        ty: quote_spanned!(span=> #ty<#scalar, #size #affine>),
        output: call.shape.clone(),
        options: call.options.fields(&["eps", "momentum"]),
        init: None,
        tensors,
    }
}
