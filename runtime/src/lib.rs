//! Neural networks declared in one line of Rust, with shapes checked while it compiles.
//!
//! ```
//! use layerwise::{SVector, network};
//!
//! network! {
//!     /// Ten features in, one number out.
//!     pub struct Net = fc1: Linear(10, 5) -> ReLU -> fc2: Linear(5, 1);
//! }
//!
//! let net = Net::new();
//! let y = net.forward(&SVector::from_element(0.5));
//! assert_eq!(Net::PARAMETERS, 61);
//! # let _ = y;
//! ```
//!
//! [`guide::from_pytorch`] shows how a trained network gets here, [`guide::training`] how one is trained,
//! [`guide::images`] how convolutions go over windows and images, [`guide::streams`] what GRUs, LSTMs and other networks
//! that remember do here, and [`guide::no_std`] what a microcontroller or a web page needs. [`network!`] has the language, [`Layer`] and [`Parameters`] are what a layer of your own needs, and [`activation`] and [`layers`]
//! have those that are built in.
#![cfg_attr(not(any(feature = "std", test)), no_std)]

extern crate self as layerwise;

pub mod activation;
#[doc(hidden)]
pub mod backward;
#[doc(hidden)]
pub mod combine;
#[doc(hidden)]
pub mod expansion;
#[doc(hidden)]
pub mod flow;
pub mod guide;
#[doc(hidden)]
pub mod image;
#[doc(hidden)]
pub mod kernels;
mod layer;
pub mod layers;
#[doc(hidden)]
pub mod parameters;
mod random;
mod scalar;
#[doc(hidden)]
pub mod stream;
mod text;
#[doc(hidden)]
pub mod train;
mod value;
#[doc(hidden)]
pub mod weights;

pub use activation::*;
pub use backward::{Backward, Trainable};
pub use image::Image;
pub use layer::{Layer, Network};
pub use layers::{
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AvgPool1d, AvgPool2d, BatchNorm1d, BatchNorm2d,
    CausalConv1d, Conv1d, Conv2d, Flatten, GLU, GRU, GroupNorm, LSTM, LayerNorm, Linear, MaxPool1d,
    MaxPool2d, NoBias, Nonlinearity, PReLU, RMSNorm, RNN,
};
pub use nalgebra::{self, SMatrix, SVector};
pub use parameters::{
    Parameters, Visitor, VisitorMut,
    init::SEED,
    layout::{Field, Layout, Stage, Tensor},
    path::Path,
};
pub use scalar::Scalar;
pub use stream::Recurrent;
pub use train::{
    best::Best,
    fit::{Fit, Progress},
    losses::*,
    optimizers::*,
    schedules::*,
    trainer::Trainer,
};
pub use value::{Shape, Value};
#[cfg(feature = "std")]
pub use weights::{error::WeightsError, keys::Keys};

/// Declares networks.
#[doc = include_str!("network.md")]
#[cfg(target_endian = "little")]
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => { $crate::__private::network! { $crate; $($tokens)* } };
}

/// Declares networks.
#[doc = include_str!("network.md")]
// The macro, which runs on another machine, embeds weights as the target keeps them in memory.
#[cfg(target_endian = "big")]
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => { $crate::__private::network! { $crate big; $($tokens)* } };
}

/// What expanded code refers to. Not public: it changes without notice.
#[doc(hidden)]
pub mod __private {
    /// `()`, for a place where a type's name stands.
    pub type Unit = ();

    pub use crate::value::Shape;

    pub use core::{
        array,
        clone::Clone,
        compile_error, concat,
        convert::{AsRef, identity},
        default::Default,
        env, fmt, include_bytes,
        marker::Sized,
        mem::{MaybeUninit, offset_of, size_of},
        prelude::v1::test,
        primitive::{bool, f32, f64, str, u8, usize},
        result::Result,
        stringify,
    };
    pub use layerwise_macros::network;
    pub use rand::Rng;

    pub use crate::{
        __first as first, __is_layer as is_layer, __network_api as network_api,
        __place as place_fields, __reached as reached, __reference as reference,
        __stream_api as stream_api, __stream_methods as stream_methods,
        __stream_reference as stream_reference, __streamed as streamed, backward, combine,
        expansion::check::{self, Otherwise, Own, Probe, Size, Stage, StateOf},
        flow::{self, Flow, batch, record::Record, tape},
        kernels,
        layers::Foldable,
        parameters::{init, place, summary},
        stream,
        train::ends,
        value::{Of, ValueOf},
        weights::embed,
    };

    #[cfg(feature = "serde")]
    pub use crate::weights::serialize;
    #[cfg(feature = "std")]
    pub use crate::weights::{file as weights, reference, save};
    #[cfg(feature = "serde")]
    pub use serde;
    #[cfg(feature = "std")]
    pub use std::{boxed::Box, path, vec::Vec};
}

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
