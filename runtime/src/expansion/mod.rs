//! What expanded code calls: the methods of every network, and the checks that are left to the
//! compiler.

mod api;
pub mod check;
mod stream;
