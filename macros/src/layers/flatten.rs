//! `Flatten(start_dim = 1, end_dim = -1)`

use proc_macro2::Span;
use quote::quote_spanned;

use super::{Built, Form, Kind, Shape, Spec, Takes};

pub(crate) const SPEC: Spec = Spec {
    name: "Flatten",
    form: Form::Flat,
    takes: Takes::ANY,
    sizes: &[],
    options: &[
        (
            "start_dim",
            Kind::Only(1, "behind the dimension of the batch"),
        ),
        ("end_dim", Kind::Only(-1, "the last dimension there is")),
    ],
    needs_options: false,
    build: |call| {
        let (ty, all) = (&call.ty, call.sizes[0].argument());
        Built {
            ty: quote_spanned!(Span::mixed_site()=> #ty<#all>),
            output: Shape::vector(call.sizes[0].clone()),
            options: Vec::new(),
            init: None,
            tensors: Vec::new(),
        }
    },
};
