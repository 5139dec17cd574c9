//! The layers that have weights or change the shape. One file each.

mod batch_norm;
mod causal;
mod convolution;
mod flatten;
mod folded;
mod gated;
mod glu;
mod group_norm;
mod linear;
mod norm;
mod pool;
mod prelu;
mod taps;

pub use batch_norm::{BatchNorm1d, BatchNorm2d};
pub use causal::CausalConv1d;
pub use convolution::{Conv1d, Conv2d};
pub use flatten::Flatten;
pub use folded::Foldable;
pub use gated::{Deep, Deeper, GRU, LSTM, Nonlinearity, RNN};
pub use glu::GLU;
pub use group_norm::GroupNorm;
pub use linear::{Linear, NoBias};
pub use norm::{LayerNorm, RMSNorm};
pub use pool::{AdaptiveAvgPool1d, AdaptiveAvgPool2d, AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d};
pub use prelu::PReLU;
pub use taps::Taps;
