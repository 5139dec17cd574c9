//! Sizes and shapes, as far as the macro knows them.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Ident;

/// More numbers than a tensor or a value can have here: 2³⁰, four gigabytes of `f32`, all of which the
/// compiler holds in constants.
pub(crate) const TOO_MANY: u64 = 1 << 30;

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
    /// The size, where the macro knows it.
    pub(crate) fn known(&self) -> Option<usize> {
        match self {
            Self::Known(size) => Some(*size),
            Self::Const(..) | Self::Hole(_) => None,
        }
    }

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
        let dims = self.dims();
        (!dims.is_empty()).then(|| dims.iter().map(Dim::known).collect())?
    }

    /// How many numbers a value has, if that is more than any value here has.
    pub(crate) fn too_many(&self) -> Option<u128> {
        let numbers = self.known()?.into_iter().map(|size| size as u128);
        let product = numbers.product();
        (product > u128::from(TOO_MANY)).then_some(product)
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
