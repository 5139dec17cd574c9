#!/usr/bin/env bash
# Builds the page and serves it, at http://localhost:8000 or the port in the argument.
set -euo pipefail
cd "$(dirname "$0")"
./build.sh
exec python3 -m http.server --bind 127.0.0.1 --directory page "${1:-8000}"
