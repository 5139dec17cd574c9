//! How a network learns: [`Trainer`](trainer::Trainer), losses, optimisers and schedules.

mod clip;
pub mod ends;
pub mod losses;
pub mod optimizers;
pub mod schedules;
pub mod trainer;
