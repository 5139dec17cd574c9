#!/usr/bin/env bash
# Has the desktop answer, by plain Rust and by its best instructions, then the microcontroller.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
# The workspace's own settings hold there, and not this folder's.
answers() { (cd .. && env -u CARGO_UNSTABLE_BUILD_STD cargo run --quiet --locked "${@:2}" --example digits_answers -- "$here/$1"); }
# A release build has no plain Rust where every processor has vectors.
LAYERWISE_ISA=portable answers portable.bin
answers best.bin --release
cargo build --quiet --locked --release
(cd "${CARGO_TARGET_DIR:-target}/thumbv7em-none-eabihf/release" && size bare digits)
cargo run --quiet --locked --release --bin digits
