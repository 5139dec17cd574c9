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
//! [`network!`] has the language, [`Layer`] and [`Parameters`] are what a layer of your own needs,
//! and [`activation`] and [`layers`] have those that are built in.
#![cfg_attr(not(any(feature = "std", test)), no_std)]

extern crate self as layerwise;

pub mod activation;
mod api;
#[doc(hidden)]
pub mod batch;
#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod flow;
#[doc(hidden)]
pub mod init;
#[doc(hidden)]
pub mod kernels;
mod layer;
pub mod layers;
mod layout;
mod parameters;
#[doc(hidden)]
pub mod place;
mod scalar;
#[doc(hidden)]
pub mod summary;
mod text;
#[cfg(feature = "std")]
#[doc(hidden)]
pub mod weights;

pub use activation::*;
pub use init::SEED;
pub use layer::{Layer, Network, Value};
pub use layers::{Linear, NoBias};
pub use layerwise_macros::Parameters;
pub use layout::{Field, Layout, Stage, Tensor};
pub use nalgebra::{self, SMatrix, SVector};
pub use parameters::{Parameters, Path, Visitor, VisitorMut};
pub use scalar::Scalar;
#[cfg(feature = "std")]
pub use weights::WeightsError;

/// Declares networks.
#[doc = include_str!("network.md")]
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => { $crate::__private::network! { $crate; $($tokens)* } };
}

/// What expanded code refers to. Not public: it changes without notice.
#[doc(hidden)]
pub mod __private {
    /// `()`, for a place where a type's name stands.
    pub type Unit = ();

    pub use core::{
        clone::Clone,
        convert::AsRef,
        fmt,
        marker::Sized,
        mem::MaybeUninit,
        primitive::{bool, f32, f64, str, u8, usize},
        result::Result,
    };
    pub use layerwise_macros::network;
    pub use rand::Rng;

    pub use crate::{
        __first as first, __is_layer as is_layer, __network_api as network_api,
        __place as place_fields, __reached as reached, batch, check,
        check::{Otherwise, Own, Probe, Size, Stage},
        flow::{self, Flow},
        init, kernels, place, summary,
    };

    #[cfg(feature = "std")]
    pub use crate::weights;
    #[cfg(feature = "std")]
    pub use std::{boxed::Box, path, vec::Vec};
}

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
