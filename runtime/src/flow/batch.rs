//! Many samples at once.

use crate::{layer::Layer, value::Value};

/// What `net.forward_batch(inputs, outputs)` does.
///
/// # Panics
///
/// Where the lengths differ.
#[track_caller]
pub fn forward<X: Value, L: Layer<X>>(layer: &L, inputs: &[X], outputs: &mut [L::Output]) {
    check(inputs.len(), outputs.len());
    super::forward_batch(layer, inputs, outputs);
}

/// What `net.forward_batch_parallel(inputs, outputs)` does.
///
/// # Panics
///
/// Where the lengths differ.
#[cfg(feature = "rayon")]
#[track_caller]
pub fn forward_parallel<X: Value, L: Layer<X> + Sync>(
    layer: &L,
    inputs: &[X],
    outputs: &mut [L::Output],
) {
    use rayon::prelude::*;

    check(inputs.len(), outputs.len());
    // A few parts a core, so that an unlucky core doesn't hold the others up.
    let part = inputs
        .len()
        .div_ceil(4 * rayon::current_num_threads())
        .max(1);
    inputs
        .par_chunks(part)
        .zip(outputs.par_chunks_mut(part))
        .for_each(|(inputs, outputs)| forward(layer, inputs, outputs));
}

#[track_caller]
fn check(inputs: usize, outputs: usize) {
    assert_eq!(
        inputs, outputs,
        "as many outputs as inputs are needed: the batch has {inputs} inputs and {outputs} outputs"
    );
}
