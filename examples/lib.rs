//! Examples of layerwise: `cargo run --release --example digits`, `cartpole`, `simple`, `custom_layer` or
//! `diagram`.
