//! `Conv1d(in_channels, out_channels, kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1,
//! bias = true)` and `Conv2d`, whose kernel and options may be pairs

use proc_macro2::{Ident, Span};
use quote::quote_spanned;

use super::{Built, Call, Form, Kind, Shape, Spec, Takes};

pub(crate) const ONE: Spec = Spec {
    name: "Conv1d",
    form: Form::Convolution,
    takes: Takes::WINDOW,
    sizes: &["in_channels", "out_channels", "kernel_size"],
    options: &[
        ("stride", Kind::Whole(1, 1)),
        ("padding", Kind::Padding(1)),
        ("dilation", Kind::Whole(1, 1)),
        ("groups", Kind::Whole(1, 1)),
        ("bias", Kind::Flag),
    ],
    needs_options: false,
    build,
};

pub(crate) const TWO: Spec = Spec {
    name: "Conv2d",
    takes: Takes::IMAGE,
    options: &[
        ("stride", Kind::Whole(1, 2)),
        ("padding", Kind::Padding(2)),
        ("dilation", Kind::Whole(1, 2)),
        ("groups", Kind::Whole(1, 1)),
        ("bias", Kind::Flag),
    ],
    ..ONE
};

/// The sizes are the outputs, the inputs that each of them sees, the columns of the weight, the kernel's
/// and then those of what leaves; in a stream, the inputs, and how many values are remembered at the end.
fn build(call: &Call<'_>) -> Built {
    let (ty, scalar, krate, span) = (&call.ty, call.scalar, call.krate, Span::mixed_site());
    let [output, each, columns, rest @ ..] = &call.sizes[..] else {
        unreachable!("the outputs, and what follows from all sizes");
    };
    let has_bias = !call.options.is_off("bias");
    let no_bias = (!has_bias).then(|| quote_spanned!(span=> , #krate::NoBias));
    let along = call.shape.dims().len() - 1;
    let kernel = &rest[..along.max(1)];
    let mut weight = vec![output.clone(), each.clone()];
    weight.extend_from_slice(kernel);
    let mut tensors = vec![("weight", weight)];
    if has_bias {
        tensors.push(("bias", vec![output.clone()]));
    }
    let argument = super::Dim::argument;
    if along == 0 {
        let sizes = [&call.input, output, &rest[0], columns, &rest[1]].map(argument);
        let ty = Ident::new("CausalConv1d", span);
        return Built {
            ty: quote_spanned!(span=> #krate::#ty<#scalar, #(#sizes),* #no_bias>),
            output: Shape::vector(output.clone()),
            options: Vec::new(),
            init: None,
            tensors,
        };
    }
    let (channels, kernel) = ([output, columns].map(argument), rest.iter().map(argument));
    let places = &rest[along..];
    Built {
        ty: quote_spanned!(span=> #ty<#scalar, #(#channels,)* #(#kernel),* #no_bias>),
        output: Shape::Dims([output].into_iter().chain(places).cloned().collect()),
        options: call.options.fields(&["stride", "padding", "dilation"]),
        init: None,
        tensors,
    }
}
