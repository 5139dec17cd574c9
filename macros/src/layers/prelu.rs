//! `PReLU(num_parameters = 1, init = 0.25)`

use proc_macro2::Span;
use quote::quote_spanned;

use super::{Built, Call, Form, Kind, Spec, Takes};

pub(crate) const SPEC: Spec = Spec {
    name: "PReLU",
    form: Form::Sized,
    takes: Takes::ANY,
    sizes: &[],
    options: &[("num_parameters", Kind::Count), ("init", Kind::Number)],
    needs_options: false,
    build,
};

fn build(call: &Call<'_>) -> Built {
    let (ty, scalar, count) = (&call.ty, call.scalar, &call.sizes[0]);
    let argument = count.argument();
    let init = call.options.fields(&["init"]).pop().map(|(_, value)| value);
    Built {
        ty: quote_spanned!(Span::mixed_site()=> #ty<#scalar, #argument>),
        output: call.shape.clone(),
        options: Vec::new(),
        init,
        tensors: vec![("weight", vec![count.clone()])],
    }
}
