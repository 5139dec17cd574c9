//! The layers that have weights or change the shape. One file each.

mod batch_norm;
mod conv1d;
mod folded;
mod gated;
mod glu;
mod linear;
mod norm;
mod prelu;

pub use batch_norm::BatchNorm1d;
pub use conv1d::{Conv1d, Taps};
pub use gated::{Deep, Deeper, GRU, LSTM, Nonlinearity, RNN};
pub use glu::GLU;
pub use linear::{Linear, NoBias};
pub use norm::{LayerNorm, RMSNorm};
pub use prelu::PReLU;
