//! What only the compiler can calculate.

use proc_macro2::TokenStream;
use syn::Ident;

use super::{Dim, Producer, Shape};
use crate::layers::Takes;

/// A hidden constant of the declaration's struct: each of the user's expressions is emitted once,
/// in one of these.
pub(crate) struct Constant {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    /// What the user wrote for a size, as an argument of a type.
    Size(TokenStream),
    /// What the user wrote for an option that is an `f64`.
    Number(TokenStream),
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
        takes: Takes,
        /// The layers of the same kind that take one, two or three dimensions; empty where there is none.
        siblings: [&'static str; 3],
        at: TokenStream,
        layer: String,
        producer: Producer,
    },
    /// How many outputs a window has that slides.
    Slides {
        slide: Box<Slide>,
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
    /// What the constant is, as a part of its name, and its type.
    pub(crate) fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::Equal(_) => ("FITS", "bool"),
            Self::Number(_) => ("NUMBER", "f64"),
            Self::First { .. }
            | Self::Outputs { .. }
            | Self::Repeats { .. }
            | Self::Takes { .. } => ("SHAPE", "Shape"),
            _ => ("SIZE", "usize"),
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
    pub(crate) padding: Dim,
    pub(crate) dilation: Dim,
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

/// The sizes of a [`Slide`] where the macro knows all of them.
#[derive(Clone, Copy)]
pub(crate) struct Slid {
    pub(crate) places: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) padding: usize,
    pub(crate) dilation: usize,
}

impl Slide {
    /// What it slides over, the kernel, the stride, the padding and the dilation.
    pub(crate) fn sizes(&self) -> [&Dim; 5] {
        let places = &self.shape.dims()[self.along];
        let (kernel, stride) = (&self.kernel, &self.stride);
        [places, kernel, stride, &self.padding, &self.dilation]
    }

    pub(crate) fn known(&self) -> Option<Slid> {
        let [places, kernel, stride, padding, dilation] = self.sizes().map(Dim::known);
        Some(Slid {
            places: places?,
            kernel: kernel?,
            stride: stride?,
            padding: padding?,
            dilation: dilation?,
        })
    }

    /// How many outputs there are, as PyTorch calculates it; `None` where there are none.
    pub(crate) fn outputs(&self, slid: Slid) -> Option<usize> {
        let Slid {
            places,
            kernel,
            stride,
            padding,
            dilation,
        } = slid;
        if self.adapts {
            return (kernel <= places).then_some(kernel);
        }
        let reach = dilation * (kernel - 1) + 1;
        let left = (places + 2 * padding).checked_sub(reach)?;
        let outputs = if self.ceil_mode {
            let outputs = left.div_ceil(stride) + 1;
            // A last window begins in the value or in the padding before it.
            outputs - usize::from((outputs - 1) * stride >= places + padding)
        } else {
            left / stride + 1
        };
        Some(outputs)
    }
}
