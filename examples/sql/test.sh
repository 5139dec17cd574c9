#!/usr/bin/env bash
# Tests the function, and runs the example with a million rows, which fails where a query doesn't find what the
# plain loop finds, or no executor could be killed while the query ran.
set -euo pipefail
cd "$(dirname "$0")"
cargo test --locked --release
cargo run --locked --release -- 1000000
