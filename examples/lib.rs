//! Examples of layerwise: `cargo run --release --example digits`, `cartpole`, `simple`, `custom_layer`,
//! `diagram`, `regression`, `spirals`, `learn_to_balance` or `on_device`, and with `--features plots` also `train_digits`.
