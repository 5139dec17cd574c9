//! Layers without weights that keep the shape: a name and options are all there is to know.

use super::{Built, Form, Kind, Spec, Takes};

pub(crate) const fn spec(name: &'static str, options: &'static [(&'static str, Kind)]) -> Spec {
    Spec {
        name,
        form: Form::Activation,
        takes: Takes::ANY,
        sizes: &[],
        options,
        needs_options: false,
        build: |call| Built {
            ty: call.ty.clone(),
            output: call.shape.clone(),
            options: call.options.all(),
            init: None,
            tensors: Vec::new(),
        },
    }
}

/// The same where each option has to be given.
pub(crate) const fn needs(name: &'static str, options: &'static [(&'static str, Kind)]) -> Spec {
    Spec {
        needs_options: true,
        ..spec(name, options)
    }
}
