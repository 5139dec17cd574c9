//! `GRU(input_size, hidden_size, num_layers = 1, bias = true)`, `LSTM` and `RNN`, which has
//! `nonlinearity = "tanh"`

use proc_macro2::Span;
use quote::quote_spanned;

use super::{Built, Call, Form, Kind, Spec, Takes};

pub(crate) const GRU: Spec = spec("GRU", 3, &[LAYERS, BIAS]);
pub(crate) const LSTM: Spec = spec("LSTM", 4, &[LAYERS, BIAS]);
pub(crate) const RNN: Spec = spec("RNN", 1, &[LAYERS, ("nonlinearity", NONLINEARITY), BIAS]);

macro_rules! names {
    ($layer:literal) => {
        [
            concat!("weight_ih_l", $layer),
            concat!("weight_hh_l", $layer),
            concat!("bias_ih_l", $layer),
            concat!("bias_hh_l", $layer),
        ]
    };
}

/// The names of the tensors, layer by layer.
const NAMES: [[&str; 4]; 8] = [
    names!("0"),
    names!("1"),
    names!("2"),
    names!("3"),
    names!("4"),
    names!("5"),
    names!("6"),
    names!("7"),
];

const LAYERS: (&str, Kind) = ("num_layers", Kind::UpTo(NAMES.len()));
const BIAS: (&str, Kind) = ("bias", Kind::Flag);
const NONLINEARITY: Kind = Kind::Choice(&[
    ("tanh", "Nonlinearity::TANH"),
    ("relu", "Nonlinearity::RELU"),
]);

const fn spec(name: &'static str, gates: usize, options: &'static [(&'static str, Kind)]) -> Spec {
    Spec {
        name,
        form: Form::Gated(gates),
        takes: Takes::VECTOR,
        sizes: &["input_size", "hidden_size"],
        options,
        needs_options: false,
        build,
    }
}

fn build(call: &Call<'_>) -> Built {
    let (ty, scalar, krate, span) = (&call.ty, call.scalar, call.krate, Span::mixed_site());
    let (input, hidden, sums) = (&call.input, &call.sizes[0], &call.sizes[1]);
    let layers = call.options.number("num_layers").known().unwrap_or(1);
    let has_bias = !call.options.is_off("bias");
    let [inputs, units, rows] = [input, hidden, sums].map(super::Dim::argument);
    let bias = if has_bias {
        quote_spanned!(span=> #krate::SVector<#scalar, #rows>)
    } else {
        quote_spanned!(span=> #krate::NoBias)
    };
    let deeper = layers - 1;
    let mut tensors = Vec::new();
    for (layer, [weight_ih, weight_hh, bias_ih, bias_hh]) in NAMES.iter().take(layers).enumerate() {
        let enters = if layer == 0 { input } else { hidden };
        tensors.push((*weight_ih, vec![sums.clone(), enters.clone()]));
        tensors.push((*weight_hh, vec![sums.clone(), hidden.clone()]));
        if has_bias {
            tensors.extend([bias_ih, bias_hh].map(|name| (*name, vec![sums.clone()])));
        }
    }
    Built {
        ty: quote_spanned!(span=> #ty<#scalar, #inputs, #units, #rows, #bias, #deeper>),
        output: super::Shape::vector(hidden.clone()),
        options: call.options.fields(&["nonlinearity"]),
        init: None,
        tensors,
    }
}
