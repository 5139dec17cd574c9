//! The arithmetic of the layers, for each instruction set.
#![allow(
    unsafe_code,
    reason = "intrinsics, and loads and stores where a slice would be checked"
)]
#![allow(
    clippy::inline_always,
    reason = "a body gets the instruction set of the function that it is inlined into"
)]

pub(crate) mod causal;
pub(crate) mod cell;
pub(crate) mod convolution;
pub mod dispatch;
mod each;
mod function;
pub mod functions;
pub(crate) mod gates;
pub mod isa;
mod learn;
mod linear;
pub mod math;
mod normalize;
pub(crate) mod pool;
pub mod quotient;
mod rows;
mod slopes;
pub(crate) mod stack;
pub mod tables;

pub use convolution::{Convolution, ConvolutionBack};
pub use dispatch::{Kernel, Level};
pub use each::{Map, Zip, ZipEach};
pub(crate) use each::{MapEach, MapWith, map, map_with};
pub(crate) use function::Apply;
pub use function::Function;
pub(crate) use learn::{LossEach, StepEach, losses_in_lanes, with_square};
pub use learn::{Pointwise, Rule};
pub use linear::{InputGradient, Linear, Sizes, Values, WeightGradient, Weights};
pub(crate) use linear::{MANY_SAMPLES, OneSample, opaque, transpose_little};
pub(crate) use normalize::{Normalize, NormalizeBack};
pub use rows::{MapRow, Row};
pub(crate) use rows::{MapRows, load_some, map_row};
pub use slopes::BackEach;
pub(crate) use slopes::SlopeEach;

/// Whether what only some sizes gain from is worth its code, which every program builds: few networks calculate in
/// `f64`.
const fn is_common<T>() -> bool {
    size_of::<T>() == size_of::<f32>()
}
