//! Examples of layerwise: `cargo run --release --example digits`, `cartpole`, `simple`, `custom_layer`,
//! `diagram`, `regression`, `spirals`, `learn_to_balance`, `on_device` or `amp`, and with `--features
//! plots` also `train_digits`.
