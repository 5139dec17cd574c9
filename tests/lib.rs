//! What the tests share: fixtures, instruction sets, and an allocator that counts.

mod allocator;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use layerwise::__private::kernels::Level;
use safetensors::SafeTensors;

pub use allocator::{Counting, Usage, usage};

/// A file in `fixtures`.
#[must_use]
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(format!("{name}.safetensors"))
}

/// The numbers of one tensor of a file in `fixtures`, row by row, as `f64`.
///
/// # Panics
///
/// Where the file or the tensor isn't there.
#[must_use]
pub fn numbers(file: &str, tensor: &str) -> Vec<f64> {
    let bytes = std::fs::read(fixture(file)).expect("the fixture is there");
    let file = SafeTensors::deserialize(&bytes).expect("it is a safetensors file");
    let view = file.tensor(tensor).expect("the tensor is there");
    match view.dtype() {
        safetensors::Dtype::F32 => {
            let (numbers, _) = view.data().as_chunks();
            numbers
                .iter()
                .map(|&bytes| f64::from(f32::from_le_bytes(bytes)))
                .collect()
        }
        _ => {
            let (numbers, _) = view.data().as_chunks();
            numbers
                .iter()
                .map(|&bytes| f64::from_le_bytes(bytes))
                .collect()
        }
    }
}

/// Runs a test on each instruction set of this machine, of which a process has one at a time. Whatever in
/// such a process compares bits, which another instruction set may round otherwise, goes through here, too.
pub fn on_each_level(mut run: impl FnMut(Level)) {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    for level in Level::available() {
        level.force();
        run(level);
    }
}
