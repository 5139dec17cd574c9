//! The built-in layers: one row each in [`LAYERS`], with a file for those that have shapes of
//! their own.

mod absent;
mod activation;
mod batch_norm;
mod convolution;
mod flatten;
mod gated;
mod given;
pub(crate) use given::{Given, Options};
mod glu;
mod group_norm;
mod linear;
mod norm;
mod options;
pub(crate) use options::{Taken, Whole, is_constant, is_none, known};
mod pool;
mod prelu;

pub(crate) use absent::instead;
use proc_macro2::TokenStream;
use syn::Ident;

use crate::ir::{Dim, Shape};

/// Every built-in layer. An activation's row is its name and its options.
const LAYERS: &[Spec] = &[
    linear::SPEC,
    norm::LAYER,
    norm::RMS,
    batch_norm::ONE,
    batch_norm::TWO,
    group_norm::SPEC,
    prelu::SPEC,
    glu::SPEC,
    gated::GRU,
    gated::LSTM,
    gated::RNN,
    convolution::ONE,
    convolution::TWO,
    pool::MAX1,
    pool::MAX2,
    pool::AVG1,
    pool::AVG2,
    pool::ADAPTIVE1,
    pool::ADAPTIVE2,
    flatten::SPEC,
    activation::spec("ReLU", &[]),
    activation::spec("ReLU6", &[]),
    activation::spec("LeakyReLU", &[("negative_slope", Kind::Number)]),
    activation::spec("Sigmoid", &[]),
    activation::spec("Tanh", &[]),
    activation::spec("Softmax", &[("dim", Kind::Features)]),
    activation::spec("Identity", &[]),
    activation::spec("ELU", &[("alpha", Kind::Number)]),
    activation::spec("SELU", &[]),
    activation::spec("CELU", &[("alpha", Kind::Nonzero)]),
    activation::spec("GELU", &[("approximate", Kind::Choice(APPROXIMATE))]),
    activation::spec("SiLU", &[]),
    activation::spec("Mish", &[]),
    activation::spec(
        "Hardtanh",
        &[
            ("min_val", Kind::Number),
            ("max_val", Kind::Above("min_val", [-1.0, 1.0])),
        ],
    ),
    activation::spec("Hardsigmoid", &[]),
    activation::spec("Hardswish", &[]),
    activation::spec(
        "Softplus",
        &[("beta", Kind::Number), ("threshold", Kind::Number)],
    ),
    activation::spec("Softsign", &[]),
    activation::spec("LogSigmoid", &[]),
    activation::spec("Tanhshrink", &[]),
    activation::spec("Softshrink", &[("lambd", Kind::Within(0.0, f64::INFINITY))]),
    activation::spec("Hardshrink", &[("lambd", Kind::Number)]),
    activation::needs(
        "Threshold",
        &[("threshold", Kind::Number), ("value", Kind::Number)],
    ),
    activation::spec(
        "RReLU",
        &[
            ("lower", Kind::Number),
            ("upper", Kind::NotBelow("lower", [1.0 / 8.0, 1.0 / 3.0])),
        ],
    ),
    activation::spec("Softmin", &[("dim", Kind::Features)]),
    activation::spec("LogSoftmax", &[("dim", Kind::Features)]),
    activation::spec("Dropout", &[("p", Kind::Within(0.0, 1.0))]),
];

/// What `approximate` may be, and what that is in Rust.
const APPROXIMATE: &[(&str, &str)] =
    &[("none", "Approximate::None"), ("tanh", "Approximate::Tanh")];

/// What the macro knows of a built-in layer.
pub(crate) struct Spec {
    /// PyTorch's name, and the name of the type in the runtime crate.
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    pub(crate) takes: Takes,
    /// What its sizes are called; none where it takes any size.
    pub(crate) sizes: &'static [&'static str],
    /// Names and kinds of the options.
    pub(crate) options: &'static [(&'static str, Kind)],
    /// Whether each of them has to be given.
    pub(crate) needs_options: bool,
    /// From the layer as it is called to what it expands to.
    pub(crate) build: fn(&Call<'_>) -> Built,
}

/// What becomes of the size that reaches a layer.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// Any size passes through unchanged: the type is an `Activation`.
    Activation,
    /// It is halved, which is the layer's only size.
    Halved,
    /// What its sizes say.
    Sized,
    /// The same, and it remembers: it has so many gates, each as large as its second size, and the size
    /// of all together is its third.
    Gated(usize),
    /// A kernel slides over so many dimensions. In a stream the layer remembers what came before.
    Convolution,
    /// A window slides over them, which has no inputs of its own.
    Pool,
    /// So many outputs share the places.
    Adaptive,
    /// All numbers become a vector.
    Flat,
    /// The number of groups stands before the channels.
    Grouped,
}

/// The kinds of values that a layer takes, a bit each.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Takes(pub(crate) u8);

impl Takes {
    pub(crate) const VECTOR: Self = Self(1);
    pub(crate) const WINDOW: Self = Self(2);
    pub(crate) const IMAGE: Self = Self(4);
    pub(crate) const ANY: Self = Self(7);

    /// `a vector`, or `windows`.
    pub(crate) fn words(self) -> String {
        let words = ["a vector", "windows", "images"];
        let has = |(rank, word): (usize, _)| self.has(rank + 1).then_some(word);
        let words: Vec<&str> = words.into_iter().enumerate().filter_map(has).collect();
        words.join(" or ")
    }

    /// Whether it takes values of so many dimensions.
    pub(crate) fn has(self, rank: usize) -> bool {
        rank > 0 && self.0 >> (rank - 1) & 1 == 1
    }

    /// How many dimensions the values have that it takes first of all.
    pub(crate) fn rank(self) -> usize {
        self.0.trailing_zeros() as usize + 1
    }
}

/// What an option can be.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// A number.
    Number,
    /// A number that is neither below the first of these nor above the second.
    Within(f64, f64),
    /// A number that isn't zero.
    Nonzero,
    /// A number that is more than the option of this name, and the defaults of that option and this one.
    Above(&'static str, [f64; 2]),
    /// The same, but both may be equal.
    NotBelow(&'static str, [f64; 2]),
    /// 1 or the number of features, which becomes one of the layer's sizes; 1 if it isn't given.
    Count,
    /// `true`, and why it is nothing else.
    True(&'static str),
    /// `false`, and why it is nothing else.
    False(&'static str),
    /// `true` or `false`; the first if it isn't given.
    Flag,
    /// The same; the second if it isn't given.
    Switch,
    /// A whole number from 1 to this, which must be known here.
    UpTo(usize),
    /// A whole number of at least so much for each of so many dimensions, or one for all.
    Whole(usize, usize),
    /// The same, of at least 1, or `None`, as if it weren't given.
    OrNone(usize),
    /// The same, of at least 0, or `"same"` or `"valid"`.
    Padding(usize),
    /// 1 or −1: the dimension that holds the features.
    Features,
    /// This number, since nothing else goes.
    Only(i64, &'static str),
    /// One of some words, each with its path in the runtime crate.
    Choice(&'static [(&'static str, &'static str)]),
}

/// A layer with its arguments resolved.
pub(crate) struct Call<'a> {
    /// The layer's type, its name spanned where it was written.
    pub(crate) ty: TokenStream,
    pub(crate) scalar: &'a TokenStream,
    /// What reaches it, and the features or the channels of that.
    pub(crate) shape: Shape,
    pub(crate) input: Dim,
    /// The sizes but for the inputs, those that nobody writes behind those that are written.
    pub(crate) sizes: Vec<Dim>,
    pub(crate) options: Options,
    pub(crate) krate: &'a TokenStream,
}

/// What a layer expands to.
pub(crate) struct Built {
    pub(crate) ty: TokenStream,
    pub(crate) output: Shape,
    /// The options that are fields of the type.
    pub(crate) options: Vec<(Ident, TokenStream)>,
    /// What its tensors are filled with at the start, where the type doesn't say it.
    pub(crate) init: Option<TokenStream>,
    /// Names and shapes of the tensors.
    pub(crate) tensors: Vec<(&'static str, Vec<Dim>)>,
}

impl Spec {
    /// Whether it remembers what came before.
    pub(crate) fn remembers(&self) -> bool {
        matches!(self.form, Form::Gated(_))
    }

    /// Whether it gives what reaches it, so that another size is that of the layer before.
    pub(crate) fn keeps_sizes(&self) -> bool {
        match self.form {
            Form::Activation | Form::Grouped => true,
            Form::Sized => self.sizes.len() < 2,
            _ => false,
        }
    }

    /// Which of its sizes is that of the inputs.
    pub(crate) fn inputs_at(&self) -> Option<usize> {
        match self.form {
            Form::Pool | Form::Adaptive => None,
            Form::Grouped => Some(1),
            _ => (!self.sizes.is_empty()).then_some(0),
        }
    }

    /// The layer of the same kind that takes values of so many dimensions, as `Conv1d` for `Conv2d`.
    pub(crate) fn sibling(&self, rank: usize) -> Option<&'static str> {
        let (kind, _) = self.name.split_at_checked(self.name.len() - 2)?;
        let names = ["1d", "2d"].map(|end| format!("{kind}{end}"));
        let mut others = LAYERS.iter().filter(|other| other.name != self.name);
        let sibling = others.find(|other| names.iter().any(|name| name == other.name))?;
        sibling.takes.has(rank).then_some(sibling.name)
    }

    /// Over how many dimensions it goes, beside that of the channels.
    pub(crate) fn along(&self) -> usize {
        self.takes.rank() - 1
    }

    /// Whether options may stand without their names.
    pub(crate) fn has_placed_options(&self) -> bool {
        self.sizes.is_empty() || matches!(self.form, Form::Convolution | Form::Pool)
    }

    /// Which of its options says how many parameters it has.
    pub(crate) fn counted(&self) -> Option<usize> {
        let mut options = self.options.iter();
        options.position(|(_, kind)| *kind == Kind::Count)
    }

    /// How the layer is written, for messages.
    pub(crate) fn signature(&self) -> String {
        let options = self.options.iter().map(|(name, _)| *name);
        let names: Vec<&str> = self.sizes.iter().copied().chain(options).collect();
        match names[..] {
            [] => self.name.to_owned(),
            _ => format!("{}({})", self.name, names.join(", ")),
        }
    }
}

/// The built-in layer of this name.
pub(crate) fn find(name: &str) -> Option<&'static Spec> {
    LAYERS.iter().find(|spec| spec.name == name)
}

/// Whether a name is that of a built-in activation.
pub(crate) fn is_activation(name: &str) -> bool {
    find(name).is_some_and(|spec| spec.form == Form::Activation)
}

/// Whether a layer of this name right behind the other can be calculated by that one, if its weights are
/// embedded.
pub(crate) fn is_folded(name: &str, before: &str) -> bool {
    match name {
        "BatchNorm1d" => matches!(before, "Linear" | "Conv1d"),
        "BatchNorm2d" => before == "Conv2d",
        _ => false,
    }
}

/// The names of all built-in layers.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    LAYERS.iter().map(|spec| spec.name)
}

/// The names and options of the activations, for the runtime's test that it has the same.
pub(crate) fn activations() -> TokenStream {
    let rows = LAYERS
        .iter()
        .filter(|spec| spec.form == Form::Activation)
        .map(|spec| {
            let name = spec.name;
            let options = spec.options.iter().map(|(name, _)| name);
            quote::quote!((#name, &[#(#options),*]))
        });
    quote::quote!(&[#(#rows),*])
}
