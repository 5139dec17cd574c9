//! Tests of layerwise; they are in `tests/`.
