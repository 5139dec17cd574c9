#!/usr/bin/env bash
# What embedding costs: the seconds that `cargo check` and `cargo build --release` take for a program
# with 100 thousand, 1 million and 10 million parameters, beside the same program without weights.
# Everything that the program depends on has been compiled before. Needs nothing but the toolchain.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cp "$root/Cargo.lock" .
cat > Cargo.toml <<EOF
[package]
name = "embedding"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
layerwise = { path = "$root/runtime" }
EOF

# program SETTING WIDTH BODY
program() {
  cat > src/main.rs <<EOF
layerwise::network! {
    $1
    struct Net = Linear($2, $2) -> ReLU -> Linear(_, $2) -> ReLU -> Linear(_, 10);
}

fn main() {
    $3
}
EOF
}

# seconds COMMAND…: the median of three, each with the program touched
seconds() {
  for _ in 1 2 3; do
    touch src/main.rs
    local start=$EPOCHREALTIME
    "$@" 2> log || { cat log >&2; exit 1; }
    local end=$EPOCHREALTIME
    echo "$start $end"
  done | awk '{ printf "%.2f\n", $2 - $1 }' | sort -n | sed -n 2p
}

cargo=(cargo --offline --quiet)
row() { printf '%-12s %8s %8s %10s\n' "$@"; }
row parameters weights check release
for width in 220 700 2230; do
  program '' $width 'Net::boxed().save("net.safetensors").unwrap();'
  "${cargo[@]}" run --release
  "${cargo[@]}" check
  parameters=$((2 * width * (width + 1) + 10 * (width + 1)))
  row $parameters none "$(seconds "${cargo[@]}" check)" "$(seconds "${cargo[@]}" build --release)"
  program '#[network(weights = "net.safetensors")]' $width \
    'println!("{}", Net::pretrained().linear0.weight[(1, 2)]);'
  row $parameters embedded "$(seconds "${cargo[@]}" check)" "$(seconds "${cargo[@]}" build --release)"
done
