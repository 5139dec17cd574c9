//! What the compiler says of wrong declarations, and what it makes of right ones.

#[cfg(all(target_arch = "x86_64", unix))]
mod assembly;
mod catalogue;
mod compiler;
mod mutations;
