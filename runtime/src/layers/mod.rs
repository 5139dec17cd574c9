//! The layers that have weights or change the shape. One file each.

mod batch_norm;
mod folded;
mod glu;
mod linear;
mod norm;
mod prelu;

pub use batch_norm::BatchNorm1d;
pub use glu::GLU;
pub use linear::{Linear, NoBias};
pub use norm::{LayerNorm, RMSNorm};
pub use prelu::PReLU;
