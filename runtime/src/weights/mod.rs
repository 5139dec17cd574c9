//! Weights that come from elsewhere: files, and what is embedded while compiling.

pub(crate) mod compare;
pub mod embed;
#[cfg(feature = "std")]
pub mod error;
#[cfg(feature = "std")]
pub mod file;
#[cfg(feature = "std")]
pub mod keys;
pub(crate) mod nearest;
#[cfg(feature = "std")]
pub mod reference;
#[cfg(feature = "std")]
pub mod save;
#[cfg(feature = "serde")]
pub mod serialize;

/// The types of numbers and of counts that can be read.
pub(crate) const NUMBERS: &str = "F16, BF16, F32 or F64";
pub(crate) const COUNTS: &str = "I64";
