//! The layers that have weights or change the shape. One file each.

mod linear;

pub use linear::{Linear, NoBias};
