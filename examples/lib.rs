//! Examples of layerwise: `cargo run --release --example digits`, `simple`, `custom_layer` or `diagram`.
