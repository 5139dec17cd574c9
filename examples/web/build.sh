#!/usr/bin/env bash
# Builds the module and puts it into the folder of the page.
set -euo pipefail
cd "$(dirname "$0")"
cargo build --locked --release
cp "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/release/digits.wasm" page/
