#!/usr/bin/env bash
# What a build costs: the README's first program, a release build from nothing, beside nalgebra
# alone, and again after a change; and a network of 128 linear layers, checked and built.
set -euo pipefail
cd "$(dirname "$0")/.."
library=$PWD/runtime
lock=$PWD/Cargo.lock
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# package NAME DEPENDENCY, with its main.rs from the standard input
package() {
  mkdir -p "$work/$1/src"
  printf '[package]\nname = "%s"\nedition = "2024"\n[workspace]\n[dependencies]\n%s\n' "$1" "$2" >"$work/$1/Cargo.toml"
  cp "$lock" "$work/$1/Cargo.lock"
  cat >"$work/$1/src/main.rs"
}

# seconds FORMAT COMMAND…
seconds() {
  local TIMEFORMAT=$1
  shift
  { time "$@" >"$work/log" 2>&1; } 2>&1
}

package nalgebra-alone 'nalgebra = { version = "0.35.0", default-features = false }' <<'EOF'
use nalgebra::{SMatrix, SVector};

fn main() {
    let y = SMatrix::<f32, 5, 10>::from_element(0.1) * SVector::from_element(0.5);
    println!("{y:?}");
}
EOF
package first "layerwise = { path = \"$library\" }" <<'EOF'
use layerwise::{SVector, network};

network! {
    /// Ten features in, one number out.
    pub struct Net = fc1: Linear(10, 5) -> ReLU -> fc2: Linear(5, 1);
}

fn main() {
    let net = Net::new();
    let y = net.forward(&SVector::from_element(0.5));
    assert_eq!(y.len(), 1);
}
EOF
layers=$(for _ in $(seq 127); do printf 'Linear(32, 32) -> ReLU -> '; done)
package deep "layerwise = { path = \"$library\" }" <<EOF
use layerwise::{SVector, network};

network! { pub struct Net = ${layers}Linear(32, 32) -> ReLU; }

fn main() {
    let net = Net::boxed();
    println!("{:?}", net.forward(&SVector::from_element(0.5)));
}
EOF

for name in nalgebra-alone first; do
  times=$(seconds '%U %S %R' cargo build --release --manifest-path "$work/$name/Cargo.toml")
  crates=$(grep -c '^ *Compiling' "$work/log")
  echo "$times $crates" | awk -v name="$name" '{ printf "%-15s %2d crates, %5.1f s of CPU, %5.1f s\n", name, $4, $1 + $2, $3 }'
done
touch "$work/first/src/main.rs"
again=$(seconds '%R' cargo build --release --manifest-path "$work/first/Cargo.toml")
printf 'first, after a change %5s s\n' "$again"
manifest=$work/deep/Cargo.toml
for build in "check" "build --release"; do
  cargo $build --quiet --manifest-path "$manifest"
  best=$(for _ in 1 2 3; do
    touch "$work/deep/src/main.rs"
    seconds '%R' cargo $build --quiet --manifest-path "$manifest"
  done | sort -n | head -1)
  printf '128 layers, cargo %-15s %5s s\n' "$build" "$best"
done
