//! How a network learns: [`Trainer`](trainer::Trainer), losses, optimisers and schedules.

mod against;
mod alone;
pub mod best;
#[cfg(feature = "std")]
mod checkpoint;
mod clip;
pub mod ends;
pub mod fit;
pub mod losses;
pub mod optimizers;
mod order;
#[cfg(feature = "rayon")]
mod parallel;
pub mod schedules;
pub mod trainer;
