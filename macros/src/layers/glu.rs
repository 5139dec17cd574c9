//! `GLU(dim = -1)`

use proc_macro2::Span;
use quote::quote_spanned;

use super::{Built, Form, Kind, Spec, Takes};

pub(crate) const SPEC: Spec = Spec {
    name: "GLU",
    form: Form::Halved,
    takes: Takes::ANY,
    sizes: &[],
    options: &[("dim", Kind::Features)],
    needs_options: false,
    build: |call| {
        let (ty, half) = (&call.ty, call.sizes[0].argument());
        Built {
            ty: quote_spanned!(Span::mixed_site()=> #ty<#half>),
            output: call.shape.with_channels(&call.sizes[0]),
            options: call.options.all(),
            init: None,
            tensors: Vec::new(),
        }
    },
};
