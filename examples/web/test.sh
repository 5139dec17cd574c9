#!/usr/bin/env bash
# Builds the page, compares the module's answers with the desktop's, and draws on the page in Chromium.
# Needs what the README names, Node 20 or newer, and Chromium (CHROMIUM=its command). An argument is
# where to write a picture of the page.
set -euo pipefail
cd "$(dirname "$0")"
./build.sh
echo "the module has $(wc -c < page/digits.wasm) bytes"
answers=$(mktemp)
trap 'rm -f "$answers"' EXIT
# The workspace's own settings hold there, and not this folder's.
(cd .. && env -u CARGO_UNSTABLE_BUILD_STD cargo run --quiet --locked --release --example digits_answers -- "$answers" > /dev/null)
node tests/node.mjs "$answers"
node tests/chromium.mjs "$answers" "$@"
