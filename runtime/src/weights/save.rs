//! Weight files that are written, in the network's own scalar.

use std::{
    borrow::ToOwned,
    format, fs,
    io::{self, Write as _},
    path::Path as FilePath,
    process,
    string::String,
    sync::atomic::{AtomicUsize, Ordering},
    vec::Vec,
};

use layerwise_format::Dtype;

use super::{error::WeightsError, file::by_rows};
use crate::{
    parameters::{Parameters, Visitor, path::Path},
    scalar::Scalar,
};

/// What `net.to_safetensors()` does.
#[must_use]
pub fn to_safetensors<P: Parameters>(value: &P) -> Vec<u8> {
    let mut list = List::default();
    list.add("", value);
    list.write()
}

/// What `net.save(path)` does.
///
/// # Errors
///
/// Where the file can't be written.
pub fn save<P: Parameters>(value: &P, path: &FilePath) -> Result<(), WeightsError> {
    to_file(path, &to_safetensors(value))
}

/// Replaces a file when the new one is whole.
///
/// # Errors
///
/// Where it can't be written.
pub(crate) fn to_file(path: &FilePath, bytes: &[u8]) -> Result<(), WeightsError> {
    replace(path, bytes).map_err(|source| WeightsError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Writes a file beside the one at `path` and puts it in its place when it is whole, so that a
/// crash or a full disk leaves what was there.
fn replace(path: &FilePath, bytes: &[u8]) -> io::Result<()> {
    /// Of several in one process.
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let (part, mut file) = loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}-{number}.part", process::id()));
        let part = path.with_file_name(name);
        match fs::File::create_new(&part) {
            // It is another machine's, or was left by a process that was killed and had the same number, as
            // the first one in each container has.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => break (part, created?),
        }
    };
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // It may not be there; what is wrong has been said.
        let _ = fs::remove_file(&part);
    }
    written
}

/// One tensor as it is written.
struct Saved {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    data: Vec<u8>,
}

impl Saved {
    fn tensor(&self) -> layerwise_format::Tensor<'_> {
        layerwise_format::Tensor {
            name: self.name.clone(),
            dtype: self.dtype,
            shape: self.shape.clone(),
            data: &self.data,
        }
    }
}

/// The tensors of a file to be written.
#[derive(Default)]
pub(crate) struct List {
    tensors: Vec<Saved>,
    prefix: String,
}

impl List {
    /// All tensors of a value, with what stands before their keys.
    pub(crate) fn add<P: Parameters>(&mut self, prefix: &str, value: &P) {
        prefix.clone_into(&mut self.prefix);
        P::walk([value], &Path::root::<P>(), self);
    }

    pub(crate) fn write(mut self) -> Vec<u8> {
        // As the format's own crate orders them.
        self.tensors.sort_by(|a, b| a.name.cmp(&b.name));
        let tensors: Vec<_> = self.tensors.iter().map(Saved::tensor).collect();
        layerwise_format::write(&tensors)
    }
}

impl Visitor<1> for List {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, [tensor]: [&[T]; 1]) {
        let Some(layout) = path.tensor() else {
            return;
        };
        let mut data = Vec::with_capacity(size_of_val(tensor));
        let double = T::NAME == f64::NAME;
        for value in by_rows(layout).map(|at| tensor[at].to_f64()) {
            if double {
                data.extend(value.to_le_bytes());
            } else {
                data.extend((value as f32).to_le_bytes());
            }
        }
        self.tensors.push(Saved {
            name: format!("{}{path}", self.prefix),
            dtype: if double { Dtype::F64 } else { Dtype::F32 },
            shape: layout.shape().to_vec(),
            data,
        });
    }

    fn count(&mut self, path: &Path<'_>, [count]: [&i64; 1]) {
        self.tensors.push(Saved {
            name: format!("{}{path}", self.prefix),
            dtype: Dtype::I64,
            shape: Vec::new(),
            data: count.to_le_bytes().to_vec(),
        });
    }
}
