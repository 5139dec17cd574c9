//! Networks with their layers resolved and their sizes known as far as the macro can know them.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Attribute, Ident, Visibility};

use crate::{layers, weights::File};

/// A struct to be generated: a declaration, or a block inside one.
pub(crate) struct Network {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) input: Dim,
    pub(crate) output: Dim,
    /// What the first layer says that it takes; what reaches it, where it says nothing.
    pub(crate) takes: Dim,
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

/// A size.
#[derive(Clone)]
pub(crate) enum Dim {
    Known(usize),
    /// One of the declaration's [`Constant`]s, and what was written for it.
    Const(TokenStream, String),
    /// Unknown, because of an error that is reported in its place.
    Hole(TokenStream),
}

impl Dim {
    /// What a table shows.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Known(size) => size.to_string(),
            Self::Const(_, written) => written.clone(),
            Self::Hole(_) => "?".to_owned(),
        }
    }

    /// The size as an argument of a type.
    pub(crate) fn argument(&self) -> TokenStream {
        match self {
            Self::Known(_) => self.to_token_stream(),
            Self::Const(path, _) | Self::Hole(path) => {
                quote_spanned!(Span::mixed_site()=> { #path })
            }
        }
    }
}

impl ToTokens for Dim {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Known(size) => proc_macro2::Literal::usize_unsuffixed(*size).to_tokens(tokens),
            Self::Const(path, _) | Self::Hole(path) => path.to_tokens(tokens),
        }
    }
}

/// A hidden constant of the declaration's struct: each of the user's expressions is emitted once,
/// in one of these.
pub(crate) struct Constant {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    /// What the user wrote for a size, as an argument of a type.
    Size(TokenStream),
    /// What the first stage takes, a type that is not one of ours.
    First { layer: TokenStream, written: String },
    /// What such a type gives for an input.
    Outputs {
        probe: Probe,
        written: String,
        /// `None` for the first layer.
        producer: Option<Producer>,
    },
    /// What a repeated block gives.
    Repeats {
        gets: Dim,
        takes: Dim,
        gives: Dim,
        block: String,
        producer: Producer,
    },
    /// Half of what reaches a layer.
    Half {
        size: Dim,
        /// The layer.
        at: TokenStream,
        written: String,
        producer: Producer,
    },
    /// What follows from other sizes.
    Of(TokenStream),
    /// How many numbers some sizes make together.
    Sum(Vec<Dim>),
    /// Whether three sizes are the same.
    Equal([Dim; 3]),
}

/// A type as a stage that a size reaches.
#[derive(Clone)]
pub(crate) struct Probe {
    pub(crate) layer: TokenStream,
    pub(crate) input: Dim,
    pub(crate) scalar: TokenStream,
    /// Whether the chain around it remembers.
    pub(crate) streams: bool,
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
    pub(crate) input: Dim,
    pub(crate) output: Dim,
    /// What the layer says that it takes, which is an error where it is not the input.
    pub(crate) takes: Dim,
    pub(crate) fits: Fits,
    /// Whether it is a built-in layer that remembers.
    pub(crate) remembers: bool,
    /// For a type that is not one of ours, a constant that says whether it is a layer.
    pub(crate) is_layer: Option<TokenStream>,
}

impl Stage {
    /// Whether the stage is known to fit, and is one layer.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.fits, Fits::Yes) && self.copies.is_none()
    }

    /// Whether it can be calculated by the one before it.
    pub(crate) fn is_folded(&self, before: &Self) -> bool {
        let are_known = [self, before].map(|stage| stage.is_plain() && stage.is_layer.is_none());
        are_known == [true; 2] && layers::is_folded(&self.layer, &before.layer)
    }
}

/// Whether a stage takes what reaches it.
#[derive(Clone)]
pub(crate) enum Fits {
    Yes,
    /// A constant that says it.
    Const(TokenStream),
}

/// Something that must hold, checked by [`check`](crate::check) where all sizes are known and by
/// the compiler where not.
pub(crate) struct Check {
    /// The tokens that are wrong if it doesn't.
    pub(crate) at: TokenStream,
    pub(crate) claim: Claim,
}

pub(crate) enum Claim {
    /// A size is at least one.
    Size { size: Dim, written: String },
    /// A layer takes what the one before it gives.
    Inputs {
        takes: Dim,
        gets: Dim,
        layer: String,
        producer: Box<Producer>,
        /// The layer, with a hole for the right number of inputs.
        write: [String; 2],
    },
    /// A layer has one parameter, or one for each feature.
    Count {
        count: Dim,
        gets: Dim,
        /// The layer as it was written, and its name.
        layer: String,
        name: String,
        producer: Box<Producer>,
    },
    /// A branch gives what the first one gives.
    Alike {
        first: Dim,
        gives: Dim,
        /// The combinator.
        name: &'static str,
        /// What is at the end of the first branch, and of this one.
        written: [String; 2],
    },
    /// What leaves a residual's chain is what enters it.
    Residual {
        enters: Dim,
        leaves: Dim,
        written: String,
    },
    /// Groups divide what they are groups of.
    Groups {
        size: Dim,
        groups: usize,
        /// `inputs` or `outputs`
        what: &'static str,
        layer: String,
    },
    /// The network costs no more than it may.
    Budget(Budget),
}

/// `max_parameters = 10_000`
#[derive(Clone)]
pub(crate) struct Budget {
    /// The setting's name.
    pub(crate) setting: &'static str,
    pub(crate) limit: Literal,
}

/// The layer that a size comes from.
#[derive(Clone)]
pub(crate) struct Producer {
    /// As it was written.
    pub(crate) written: String,
    /// The same, with a hole for another number of outputs, if it has such a number.
    pub(crate) write: Option<[String; 2]>,
    /// Its outputs' tokens.
    pub(crate) at: TokenStream,
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
