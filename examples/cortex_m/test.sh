#!/usr/bin/env bash
# Runs it, and sees to it that no answer has another bit than on the desktop, that training works, both
# of which the program says by how it ends, and that the network alone fits into 32 KiB of flash.
set -euo pipefail
cd "$(dirname "$0")"
printed=$(./run.sh | tee >(cat >&2))
grep -q "^359 of 359 answers have the bits of the desktop's by plain Rust" <<<"$printed"
flash=$(awk '$NF == "bare" { print $1 + $2 }' <<<"$printed")
((flash <= 32768))
echo "the network alone takes $flash bytes of flash"
