//! Examples of layerwise: `cargo run --release --example digits`, `simple` or `custom_layer`.
