//! Networks with their layers resolved and their sizes known as far as the macro can know them.

mod claim;
mod constant;
mod shape;

use proc_macro2::{Literal, TokenStream};
use syn::{Attribute, Ident, Visibility};

pub(crate) use claim::{Budget, Check, Claim};
pub(crate) use constant::{Constant, Probe, Slid, Slide, Value};
pub(crate) use shape::{Dim, Shape, TOO_MANY};

use crate::{layers, weights::File};

/// A struct to be generated: a declaration, or a block inside one.
pub(crate) struct Network {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) input: Shape,
    pub(crate) output: Shape,
    /// What the first layer says that it takes; what reaches it, where it says nothing.
    pub(crate) takes: Shape,
    pub(crate) stages: Vec<Stage>,
    /// The blocks' own structs.
    pub(crate) blocks: Vec<Network>,
    pub(crate) join: Join,
}

/// How the stages of a struct belong together.
pub(crate) enum Join {
    /// One after another.
    Chain,
    /// One after another, and then what entered is added.
    Residual(Fits),
    /// Side by side, put together by the combinator of this name.
    Branches(&'static str, Fits),
}

/// One declaration.
pub(crate) struct Declaration {
    pub(crate) network: Network,
    pub(crate) scalar: Ident,
    /// What `weights = …` names.
    pub(crate) weights: Option<Weights>,
    /// The `#[cfg]`s, which go on every generated item.
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) constants: Vec<Constant>,
    pub(crate) checks: Vec<Check>,
    pub(crate) memory: Memory,
    /// The error that stands in the place of every size that could not be known.
    pub(crate) hole: Option<syn::Error>,
}

/// Whether a declaration remembers what came before.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Memory {
    None,
    /// It begins with `Stream`.
    Stream,
    /// It has a layer that remembers, and no `Stream`, which is an error that has been reported.
    Missing,
}

/// The files that a network is made with and compared with.
pub(crate) struct Weights {
    /// `None` where it can't be read.
    pub(crate) file: Option<File>,
    pub(crate) reference: Option<Reference>,
}

/// Inputs and outputs that PyTorch computed, and how close is close.
pub(crate) struct Reference {
    pub(crate) file: File,
    pub(crate) tolerance: Option<Literal>,
}

/// A field of the struct.
pub(crate) struct Stage {
    pub(crate) field: Ident,
    /// Its part of a weight file's keys.
    pub(crate) key: String,
    /// The layer's name, for the summary.
    pub(crate) layer: String,
    /// The layer as it was written.
    pub(crate) written: String,
    /// The stage's tokens, its name among them.
    pub(crate) at: TokenStream,
    pub(crate) ty: TokenStream,
    /// How many copies run one after another, each of the type; one, if nothing is said.
    pub(crate) copies: Option<Dim>,
    /// Its own struct, where it is a block.
    pub(crate) block: Option<Ident>,
    /// The layer's options, where they aren't all at their defaults.
    pub(crate) options: Vec<(Ident, TokenStream)>,
    /// What its tensors are filled with at the start, where the type doesn't say it.
    pub(crate) init: Option<TokenStream>,
    /// Names and shapes of its tensors, for the documentation.
    pub(crate) tensors: Vec<(&'static str, Vec<Dim>)>,
    pub(crate) input: Shape,
    pub(crate) output: Shape,
    /// What the layer says that it takes, which is an error where it is not the input.
    pub(crate) takes: Shape,
    pub(crate) fits: Fits,
    /// Whether it is a built-in layer that remembers.
    pub(crate) remembers: bool,
    /// For a type that is not one of ours, a constant that says whether it is a layer.
    pub(crate) is_layer: Option<TokenStream>,
}

impl Network {
    /// What leaves the last stage.
    pub(crate) fn leaves(&self) -> &Shape {
        self.stages
            .last()
            .map_or(&self.output, |stage| &stage.output)
    }
}

impl Stage {
    /// Whether the stage is known to fit, and is one layer.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.fits, Fits::Yes) && self.copies.is_none()
    }

    /// Whether it can be calculated by the one before it.
    pub(crate) fn is_folded(&self, before: &Self) -> bool {
        self.are_known(before) && layers::is_folded(&self.layer, &before.layer)
    }

    /// Whether it is a pool that may be taken where a convolution before it still holds its rows.
    pub(crate) fn is_pooled(&self, before: &Self) -> bool {
        self.are_known(before) && self.layer == "MaxPool2d" && before.layer == "Conv2d"
    }

    /// Whether both are layers of this library's.
    fn are_known(&self, before: &Self) -> bool {
        [self, before].map(|stage| stage.is_plain() && stage.is_layer.is_none()) == [true; 2]
    }
}

/// Whether a stage takes what reaches it.
#[derive(Clone)]
pub(crate) enum Fits {
    Yes,
    /// A constant that says it.
    Const(TokenStream),
}

/// The layer that a size comes from.
#[derive(Clone)]
pub(crate) struct Producer {
    /// As it was written.
    pub(crate) written: String,
    /// The same, with a hole for another number of outputs, if it has such a number.
    pub(crate) write: Option<[String; 2]>,
    /// Its outputs' tokens, or the whole layer's.
    pub(crate) at: TokenStream,
    /// The whole layer's.
    pub(crate) layer: TokenStream,
    /// Whether it stands beside what it is said to, as the first of several branches: then the size
    /// is what it takes.
    pub(crate) is_beside: bool,
}

impl Producer {
    /// `` `Linear(10, 5)` before it gives ``
    pub(crate) fn phrase(&self) -> String {
        let says = if self.is_beside {
            "beside it takes"
        } else {
            "before it gives"
        };
        format!("`{}` {says}", self.written)
    }
}
