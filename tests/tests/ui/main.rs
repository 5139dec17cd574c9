//! Wrong declarations, and what the compiler says of them.

mod catalogue;
mod compiler;
mod mutations;
