//! What a network costs, and a picture of it as an SVG file.
//!
//! `cargo run --release --example diagram`, or with a file's name behind `--`

use std::{env, fs, io, path::PathBuf};

use layerwise::network;

network! {
    /// A policy for a robot of twelve joints. Past its budgets it doesn't compile.
    #[network(max_parameters = 40_000, max_macs = 40_000, max_bytes = 160_000)]
    pub struct Policy = Linear(48, 64) -> ELU
        -> blocks: [Residual(norm: LayerNorm(_) -> fc1: Linear(64, 128) -> GELU -> fc2: Linear(128, 64)); 2]
        -> Multiply(Linear(64, 12), gate: (Linear(64, 12) -> Sigmoid));
}

fn main() -> io::Result<()> {
    println!("{}", Policy::SUMMARY);
    println!(
        "{} multiply-accumulates for a sample, {} bytes",
        Policy::MACS,
        Policy::BYTES
    );
    let file = env::args_os().nth(1).map(PathBuf::from);
    let file = file.unwrap_or_else(|| PathBuf::from("target/diagram.svg"));
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, Policy::DIAGRAM)?;
    println!("the picture is in {}", file.display());
    Ok(())
}

/// `cargo run --example diagram examples/diagram/diagram.svg` writes it.
#[test]
fn the_picture_in_the_readme_is_that_of_the_network() {
    assert_eq!(Policy::DIAGRAM, include_str!("diagram.svg"));
}
