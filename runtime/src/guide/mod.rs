//! Pages that show how things are done, each tested like the rest of the documentation.

#[doc = include_str!("from_pytorch.md")]
pub mod from_pytorch {}

#[doc = include_str!("training.md")]
pub mod training {}

#[doc = include_str!("streams.md")]
pub mod streams {}

#[doc = include_str!("no_std.md")]
pub mod no_std {}
