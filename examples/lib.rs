//! Examples of layerwise: `cargo run --release --example digits`, `cartpole`, `simple`, `custom_layer`,
//! `diagram`, `regression`, `spirals`, `learn_to_balance`, `on_device`, `amp` or `exercises`, and with
//! `--features plots` also `train_digits` and `digits_conv`.
