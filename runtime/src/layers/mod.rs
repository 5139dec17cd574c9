//! The layers that have weights or change the shape. One file each.

mod linear;
mod norm;

pub use linear::{Linear, NoBias};
pub use norm::{LayerNorm, RMSNorm};
