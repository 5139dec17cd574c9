//! `MaxPool1d(kernel_size, stride, padding = 0, dilation = 1, return_indices = false, ceil_mode = false)`,
//! `AvgPool1d(kernel_size, stride, padding = 0, ceil_mode = false, count_include_pad = true)`,
//! `AdaptiveAvgPool1d(output_size)`, and the same for images

use proc_macro2::Span;
use quote::quote_spanned;

use super::{Built, Call, Dim, Form, Kind, Shape, Spec, Takes};

/// There is no value for two outputs.
const INDICES: Kind = Kind::False("no layer takes the places of the largest numbers");

pub(crate) const MAX1: Spec = spec(
    "MaxPool1d",
    Takes::WINDOW,
    &[
        ("stride", Kind::OrNone(1)),
        ("padding", Kind::Whole(0, 1)),
        ("dilation", Kind::Whole(1, 1)),
        ("return_indices", INDICES),
        ("ceil_mode", Kind::Switch),
    ],
);

pub(crate) const MAX2: Spec = spec(
    "MaxPool2d",
    Takes::IMAGE,
    &[
        ("stride", Kind::OrNone(2)),
        ("padding", Kind::Whole(0, 2)),
        ("dilation", Kind::Whole(1, 2)),
        ("return_indices", INDICES),
        ("ceil_mode", Kind::Switch),
    ],
);

pub(crate) const AVG1: Spec = spec(
    "AvgPool1d",
    Takes::WINDOW,
    &[
        ("stride", Kind::OrNone(1)),
        ("padding", Kind::Whole(0, 1)),
        ("ceil_mode", Kind::Switch),
        ("count_include_pad", Kind::Flag),
    ],
);

pub(crate) const AVG2: Spec = spec(
    "AvgPool2d",
    Takes::IMAGE,
    &[
        ("stride", Kind::OrNone(2)),
        ("padding", Kind::Whole(0, 2)),
        ("ceil_mode", Kind::Switch),
        ("count_include_pad", Kind::Flag),
        ("divisor_override", Kind::OrNone(1)),
    ],
);

pub(crate) const ADAPTIVE1: Spec = adaptive("AdaptiveAvgPool1d", Takes::WINDOW);
pub(crate) const ADAPTIVE2: Spec = adaptive("AdaptiveAvgPool2d", Takes::IMAGE);

const fn spec(name: &'static str, takes: Takes, options: &'static [(&'static str, Kind)]) -> Spec {
    Spec {
        name,
        form: Form::Pool,
        takes,
        sizes: &["kernel_size"],
        options,
        needs_options: false,
        build,
    }
}

const fn adaptive(name: &'static str, takes: Takes) -> Spec {
    Spec {
        form: Form::Adaptive,
        sizes: &["output_size"],
        ..spec(name, takes, &[])
    }
}

/// The sizes are the window's, and then those of what leaves.
fn build(call: &Call<'_>) -> Built {
    let (ty, span) = (&call.ty, Span::mixed_site());
    let along = call.shape.dims().len() - 1;
    let sizes = call.sizes.iter().map(Dim::argument);
    let places = &call.sizes[call.sizes.len() - along..];
    let mut options = call
        .options
        .fields(&["stride", "padding", "dilation", "count_include_pad"]);
    for (name, divisor) in call.options.fields(&["divisor_override"]) {
        let some = quote_spanned!(span=> ::core::option::Option::Some(#divisor));
        options.push((name, some));
    }
    Built {
        ty: quote_spanned!(span=> #ty<#(#sizes),*>),
        output: Shape::Dims([&call.input].into_iter().chain(places).cloned().collect()),
        options,
        init: None,
        tensors: Vec::new(),
    }
}
