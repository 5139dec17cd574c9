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

/// The shape of a value.
#[derive(Clone)]
pub(crate) enum Shape {
    /// Its features; its channels and steps; or its channels, height and width.
    Dims(Vec<Dim>),
    /// That of a type which only the compiler knows: of one of the declaration's [`Constant`]s.
    Own(TokenStream),
}

impl Shape {
    pub(crate) fn vector(features: Dim) -> Self {
        Self::Dims(vec![features])
    }

    /// The features or the channels, and behind them how many places there are.
    pub(crate) fn dims(&self) -> &[Dim] {
        match self {
            Self::Dims(dims) => dims,
            Self::Own(_) => &[],
        }
    }

    /// The features or the channels, where they are known.
    pub(crate) fn channels(&self) -> Option<&Dim> {
        self.dims().first()
    }

    /// A size that is not known because of an error.
    pub(crate) fn hole(&self) -> Option<&Dim> {
        let mut dims = self.dims().iter();
        dims.find(|dim| matches!(dim, Dim::Hole(_)))
    }

    /// The sizes, where the macro knows all of them.
    pub(crate) fn known(&self) -> Option<Vec<usize>> {
        let known = |dim: &Dim| match dim {
            Dim::Known(size) => Some(*size),
            Dim::Const(..) | Dim::Hole(_) => None,
        };
        let dims = self.dims();
        (!dims.is_empty()).then(|| dims.iter().map(known).collect())?
    }

    /// What a table shows.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Dims(dims) => {
                let texts: Vec<String> = dims.iter().map(Dim::text).collect();
                texts.join("×")
            }
            Self::Own(_) => "…".to_owned(),
        }
    }

    /// The type of such a value.
    pub(crate) fn ty(&self, scalar: &TokenStream, krate: &TokenStream) -> TokenStream {
        let span = Span::mixed_site();
        let dims = self.dims().iter().map(Dim::argument);
        let kind = match self {
            Self::Own(constant) => {
                let private = quote_spanned!(span=> #krate::__private);
                return quote_spanned! {span=>
                    <#private::Of<
                        { #constant.rank() },
                        { #constant.dim(0) },
                        { #constant.dim(1) },
                        { #constant.dim(2) },
                    > as #private::ValueOf<#scalar>>::Value
                };
            }
            Self::Dims(dims) => match dims.len() {
                1 => "SVector",
                2 => "SMatrix",
                _ => "Image",
            },
        };
        let kind = Ident::new(kind, span);
        quote_spanned!(span=> #krate::#kind<#scalar, #(#dims),*>)
    }

    /// The shape as a value of the runtime crate's type.
    pub(crate) fn value(&self, krate: &TokenStream) -> TokenStream {
        match self {
            Self::Dims(dims) => {
                quote_spanned!(Span::mixed_site()=> #krate::Shape::new(&[#(#dims),*]))
            }
            Self::Own(constant) => constant.clone(),
        }
    }

    /// The same with so many channels.
    pub(crate) fn with_channels(&self, channels: &Dim) -> Self {
        match self {
            Self::Dims(dims) => {
                let places = dims.iter().skip(1);
                Self::Dims([channels].into_iter().chain(places).cloned().collect())
            }
            Self::Own(constant) => Self::Own(quote_spanned! {Span::mixed_site()=>
                #constant.with_channels(#channels)
            }),
        }
    }

    /// How many numbers such a value has.
    pub(crate) fn len(&self, krate: &TokenStream) -> TokenStream {
        match (self, self.known()) {
            (_, Some(sizes)) => Dim::Known(sizes.iter().product()).to_token_stream(),
            (Self::Dims(dims), None) if dims.len() == 1 => dims[0].to_token_stream(),
            _ => {
                let value = self.value(krate);
                quote_spanned!(Span::mixed_site()=> #value.len())
            }
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
    /// The shape of what the first stage takes, a type that is not one of ours.
    First { layer: TokenStream, written: String },
    /// The shape of what such a type gives for an input.
    Outputs {
        probe: Probe,
        written: String,
        /// `None` for the first layer.
        producer: Option<Producer>,
    },
    /// The shape of what a repeated block gives.
    Repeats {
        gets: Shape,
        takes: Shape,
        gives: Shape,
        block: String,
        producer: Producer,
    },
    /// A shape of which only the compiler knows whether a layer takes it.
    Takes {
        shape: Shape,
        takes: layers::Takes,
        at: TokenStream,
        layer: String,
        producer: Producer,
    },
    /// How many outputs a window has that slides.
    Slides {
        slide: Slide,
        at: TokenStream,
        layer: String,
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
    /// Whether three shapes are the same.
    Equal([Shape; 3]),
}

impl Value {
    /// What the constant is.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Equal(_) => "FITS",
            Self::First { .. }
            | Self::Outputs { .. }
            | Self::Repeats { .. }
            | Self::Takes { .. } => "SHAPE",
            _ => "SIZE",
        }
    }
}

/// A window that slides along one dimension of a shape.
#[derive(Clone)]
pub(crate) struct Slide {
    /// What reaches it, and along which dimension.
    pub(crate) shape: Shape,
    pub(crate) along: usize,
    pub(crate) kernel: Dim,
    pub(crate) stride: Dim,
    /// Before the first place, and behind the last one.
    pub(crate) padding: usize,
    pub(crate) dilation: usize,
    /// Whether a last window counts that is not whole.
    pub(crate) ceil_mode: bool,
    /// The outputs along the dimension before: where they are in error, nothing is said of these.
    pub(crate) behind: Option<Dim>,
    /// Whether it makes so many outputs as there are places for: the kernel's size is theirs then.
    pub(crate) adapts: bool,
}

/// A type as a stage that a size reaches.
#[derive(Clone)]
pub(crate) struct Probe {
    pub(crate) layer: TokenStream,
    pub(crate) input: Shape,
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
        /// `input` or `channel`
        unit: &'static str,
        layer: String,
        producer: Box<Producer>,
        /// The layer, with a hole for the right number of inputs.
        write: [String; 2],
    },
    /// `Input` in a block says what reaches it, of other kinds than vectors.
    Shapes {
        takes: Shape,
        gets: Shape,
        layer: String,
        producer: Box<Producer>,
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
        first: Shape,
        gives: Shape,
        /// The combinator.
        name: &'static str,
        /// What is at the end of the first branch, and of this one.
        written: [String; 2],
    },
    /// What leaves a residual's chain is what enters it.
    Residual {
        enters: Shape,
        leaves: Shape,
        written: String,
    },
    /// Groups divide what they are groups of.
    Groups {
        size: Dim,
        groups: usize,
        /// `inputs`, `outputs` or `channels`
        what: &'static str,
        layer: String,
    },
    /// A layer that goes by channel says so, unless a vector reaches it.
    ByChannel {
        shape: Shape,
        /// The layer's name, and the layer as it was written.
        name: &'static str,
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
    /// Its outputs' tokens, or the whole layer's.
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
