#!/usr/bin/env bash
# Tests the kernels of WebAssembly's SIMD128 against plain Rust's. Needs the target
# wasm32-unknown-unknown (`rustup target add wasm32-unknown-unknown`) and Node.
set -euo pipefail
cd "$(dirname "$0")"
target=${CARGO_TARGET_DIR:-target}
module=wasm32-unknown-unknown/release/layerwise_wasm.wasm
for features in -simd128 +simd128; do
  RUSTFLAGS="-C target-feature=$features" cargo build --locked --release --target wasm32-unknown-unknown --target-dir "$target/$features"
done
node compare.mjs "$target/-simd128/$module" "$target/+simd128/$module"
