//! A `BatchNorm1d` right behind a `Linear` or a convolution whose weights are embedded: together they are
//! another such layer, which is calculated here.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::{
    ir::{Dim, Join, Network, Stage},
    weights::{File, Tensor},
};

/// Such a pair.
pub(crate) struct Folded<'a> {
    /// The norm, as a place in the network.
    pub(crate) norm: TokenStream,
    /// What is before it.
    pub(crate) layer: &'a Stage,
    /// The tensors of the other layer, sorted by name.
    pub(crate) tensors: [Tensor; 2],
    /// Their numbers.
    pub(crate) data: Vec<u8>,
}

/// Every pair of a network whose numbers are all in the file, in blocks and repeats too.
pub(crate) fn fold<'a>(network: &'a Network, file: &File) -> Vec<Folded<'a>> {
    let mut all = Vec::new();
    let place = quote_spanned!(Span::mixed_site()=> network);
    walk(network, &place, "", file, &mut all);
    all
}

fn walk<'a>(
    network: &'a Network,
    place: &TokenStream,
    key: &str,
    file: &File,
    to: &mut Vec<Folded<'a>>,
) {
    let span = Span::mixed_site();
    for stage in &network.stages {
        let block = stage.block.as_ref();
        let mut blocks = network.blocks.iter();
        let Some(block) = blocks.find(|other| block == Some(&other.name)) else {
            continue;
        };
        let (field, key) = (&stage.field, behind(key, &stage.key));
        match stage.copies {
            None => walk(block, &quote_spanned!(span=> #place.#field), &key, file, to),
            Some(Dim::Known(copies)) => {
                for copy in 0..copies {
                    let place = quote_spanned!(span=> #place.#field[#copy]);
                    walk(block, &place, &format!("{key}.{copy}"), file, to);
                }
            }
            Some(_) => {}
        }
    }
    if let Join::Branches(..) = network.join {
        return;
    }
    for pair in network.stages.windows(2) {
        if let [layer, norm] = pair
            && norm.is_folded(layer)
            && let Some((tensors, data)) = pair_of(layer, norm, key, file)
        {
            let field = &norm.field;
            to.push(Folded {
                norm: quote_spanned!(span=> #place.#field),
                layer,
                tensors,
                data,
            });
        }
    }
}

/// `y = ((weight · x + bias) − mean) · s + shift` with `s = factor / √(variance + eps)`, so that the rows
/// of the weight are multiplied by `s`; a convolution does so in each place. Nothing where a number is
/// missing, or is none.
fn pair_of(layer: &Stage, norm: &Stage, key: &str, file: &File) -> Option<([Tensor; 2], Vec<u8>)> {
    let numbers = file.numbers?;
    let (layer_key, norm_key) = (behind(key, &layer.key), behind(key, &norm.key));
    let matrix = format!("{layer_key}.weight");
    let shape = file.shape_of(&matrix)?;
    let outputs = *shape.first()?;
    let vector = |stage: &Stage, key: &str, name: &str, otherwise: f64| {
        if stage.tensors.iter().any(|(tensor, _)| *tensor == name) {
            file.numbers_of(&format!("{key}.{name}"), &[outputs])
        } else {
            Some(vec![otherwise; outputs])
        }
    };
    let weight = file.numbers_of(&matrix, shape)?;
    let bias = vector(layer, &layer_key, "bias", 0.0)?;
    let factor = vector(norm, &norm_key, "weight", 1.0)?;
    let shift = vector(norm, &norm_key, "bias", 0.0)?;
    let mean = vector(norm, &norm_key, "running_mean", 0.0)?;
    let variance = vector(norm, &norm_key, "running_var", 1.0)?;
    let eps = match norm.options.iter().find(|(name, _)| name == "eps") {
        Some((_, value)) => value.to_string().parse().ok()?,
        None => 1e-5,
    };
    let scale: Vec<f64> = (0..outputs)
        .map(|row| factor[row] / (variance[row] + eps).sqrt())
        .collect();
    let biases = (0..outputs).map(|row| (bias[row] - mean[row]) * scale[row] + shift[row]);
    // Column by column, as the data has them.
    let weights = weight.iter().enumerate();
    let weights = weights.map(|(at, weight)| weight * scale[at % outputs]);
    let mut data = Vec::new();
    for number in biases.chain(weights) {
        if !numbers.holds(number) {
            return None;
        }
        numbers.write(number, &mut data);
    }
    let columns: usize = shape[1..].iter().product();
    let at = data.len() / (columns + 1);
    let bias = tensor("bias", vec![outputs], 0);
    Some(([bias, tensor("weight", shape.to_vec(), at)], data))
}

fn tensor(name: &str, shape: Vec<usize>, at: usize) -> Tensor {
    Tensor {
        name: name.to_owned(),
        dtype: String::new(),
        is_readable: true,
        shape,
        at,
    }
}

/// A stage's key behind those it stands in.
fn behind(key: &str, part: &str) -> String {
    match (key, part) {
        ("", _) => part.to_owned(),
        (_, "") => key.to_owned(),
        _ => format!("{key}.{part}"),
    }
}
