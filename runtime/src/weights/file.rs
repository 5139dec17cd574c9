//! Weight files that are read: [safetensors](https://huggingface.co/docs/safetensors), with PyTorch's
//! names and PyTorch's layout. F16, BF16, F32 and F64 are read into either scalar, each number rounded
//! once to the nearest.

use std::{
    borrow::ToOwned,
    boxed::Box,
    collections::BTreeSet,
    format, fs,
    path::Path as FilePath,
    string::{String, ToString},
    vec::Vec,
};

use layerwise_format::{Dtype, File};

use super::{COUNTS, NUMBERS, error::WeightsError, keys::Keys, nearest::Wanted};
use crate::{
    parameters::{Parameters, Visitor, VisitorMut, layout::Tensor, path::Path},
    scalar::Scalar,
};

/// What `net.read_safetensors_with(bytes, keys)` does: all of the file is checked before anything is written.
///
/// # Errors
///
/// Where the bytes are no file whose tensors of these keys are those of `P`.
pub fn read<P: Parameters>(
    value: &mut P,
    bytes: &[u8],
    keys: Keys<'_>,
) -> Result<(), WeightsError> {
    let file = check(value, bytes, keys)?;
    P::walk_mut([value], &Path::root::<P>(), &mut Read { file: &file });
    Ok(())
}

/// The tensors of these keys, which are those of `P`.
///
/// # Errors
///
/// As of [`read`].
pub(crate) fn check<'a, P: Parameters>(
    value: &P,
    bytes: &'a [u8],
    keys: Keys<'_>,
) -> Result<File<'a>, WeightsError> {
    let file = File::read(bytes).map_err(|source| WeightsError::Format {
        len: bytes.len(),
        source: Box::new(source),
    })?;
    let file = file
        .behind(keys.prefix)
        .map_err(|found| WeightsError::Prefix {
            prefix: keys.prefix.to_owned(),
            found,
        })?;
    let mut check = Check {
        file: &file,
        prefix: keys.prefix,
        tensors: Vec::new(),
        fault: None,
    };
    P::walk([value], &Path::root::<P>(), &mut check);
    if let Some(fault) = check.fault() {
        return Err(fault);
    }
    if keys.is_strict
        && let Some(fault) = check.unexpected()
    {
        return Err(fault);
    }
    Ok(file)
}

/// What `Net::from_safetensors(bytes)` does.
///
/// # Errors
///
/// Where the bytes are no file whose tensors of these keys are those of `P`.
pub fn from_safetensors<P: Parameters>(bytes: &[u8], keys: Keys<'_>) -> Result<P, WeightsError> {
    let mut value = P::ZEROS;
    read(&mut value, bytes, keys)?;
    Ok(value)
}

/// What `Net::load_with(path, keys)` does.
///
/// # Errors
///
/// Where the file can't be read, or its tensors of these keys are not those of `P`.
pub fn load<P: Parameters>(path: &FilePath, keys: Keys<'_>) -> Result<P, WeightsError> {
    from_file(path, |bytes| from_safetensors(bytes, keys))
}

/// What is made of a file's bytes; what is wrong with them is wrong with that file.
///
/// # Errors
///
/// Where it can't be read, or `read` has one.
pub(crate) fn from_file<V>(
    path: &FilePath,
    read: impl FnOnce(&[u8]) -> Result<V, WeightsError>,
) -> Result<V, WeightsError> {
    let bytes = fs::read(path).map_err(|source| WeightsError::Read {
        path: path.to_owned(),
        source,
    })?;
    read(&bytes).map_err(|source| WeightsError::File {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

/// Collects the network's tensors with their keys, and the first fault of the file.
struct Check<'a> {
    file: &'a File<'a>,
    /// What stood before the keys of the file, for messages.
    prefix: &'a str,
    tensors: Vec<(String, Tensor)>,
    fault: Option<WeightsError>,
}

impl Visitor<1> for Check<'_> {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, _: [&[T]; 1]) {
        let Some(expected) = path.tensor() else {
            return;
        };
        let name = path.to_string();
        if self.fault.is_none() {
            self.fault = self.fault_of(&name, expected);
        }
        self.tensors.push((name, expected));
    }

    fn count(&mut self, path: &Path<'_>, _: [&i64; 1]) {
        self.tensor::<f64>(path, [&[]]);
    }
}

impl Check<'_> {
    fn fault_of(&self, name: &str, expected: Tensor) -> Option<WeightsError> {
        let found = self.file.tensor(name);
        let name = self.full(name);
        let is_count = expected.is_count();
        let expected = expected.shape().to_vec();
        let Some(found) = found else {
            let tensors = self.file.tensors().iter();
            return Some(WeightsError::Missing {
                name,
                expected,
                found: tensors.map(|tensor| self.full(&tensor.name)).collect(),
                nearest: None,
                prefix: None,
            });
        };
        if found.shape != expected {
            return Some(WeightsError::Shape {
                name,
                expected,
                found: found.shape.clone(),
            });
        }
        let is_readable = if is_count {
            found.dtype == Dtype::I64
        } else {
            found.dtype.decoder().is_some()
        };
        if !is_readable {
            return Some(WeightsError::Dtype {
                name,
                expected: if is_count { COUNTS } else { NUMBERS },
                found: format!("{:?}", found.dtype),
            });
        }
        None
    }

    /// The first fault, with the prefix that was forgotten or the key that was probably meant.
    fn fault(&mut self) -> Option<WeightsError> {
        let mut fault = self.fault.take()?;
        if let WeightsError::Missing {
            name,
            nearest,
            prefix,
            ..
        } = &mut fault
        {
            *prefix = self.before_all().map(|before| self.full(before));
            *nearest = self.nearest(&name[self.prefix.len()..]);
        }
        Some(fault)
    }

    /// The key of the file that differs least from this one, and is not another of the network's.
    fn nearest(&self, key: &str) -> Option<String> {
        let wanted = Wanted::new(key.as_bytes());
        let keys = self.tensors.iter().map(|(key, _)| key.as_str());
        let known: BTreeSet<&str> = keys.collect();
        let names = self.file.tensors().iter().map(|tensor| &*tensor.name);
        let others = names.filter(|name| !known.contains(name));
        let near = others.filter_map(|name| {
            let distance = wanted.distance(name.as_bytes(), wanted.too_many())?;
            Some((distance, name))
        });
        let (_, name) = near.min_by_key(|(distance, _)| *distance)?;
        Some(self.full(name))
    }

    /// A tensor of the file that is not in the network.
    fn unexpected(&self) -> Option<WeightsError> {
        let keys = self.tensors.iter().map(|(key, _)| key.as_str());
        let known: BTreeSet<&str> = keys.clone().collect();
        let mut names = self.file.tensors().iter().map(|tensor| &*tensor.name);
        let name = names.find(|name| !known.contains(name))?;
        Some(WeightsError::Unexpected {
            name: self.full(name),
            expected: keys.map(|key| self.full(key)).collect(),
        })
    }

    /// What stands in the file before each of the network's keys, where that is the same; of
    /// several, the one with the network's shapes.
    fn before_all(&self) -> Option<&str> {
        let (first, _) = self.tensors.first()?;
        let names = self.file.tensors().iter().map(|tensor| &*tensor.name);
        let prefixes = names
            .filter_map(|name| name.strip_suffix(first))
            .filter(|prefix| prefix.ends_with('.'));
        let all = |prefix: &&str, fits: fn(&[usize], &[usize]) -> bool| {
            self.tensors.iter().all(|(key, tensor)| {
                let found = self.file.tensor(&format!("{prefix}{key}"));
                found.is_some_and(|found| fits(&found.shape, tensor.shape()))
            })
        };
        let mut fitting = prefixes.clone();
        fitting
            .find(|prefix| all(prefix, |found, expected| found == expected))
            .or_else(|| prefixes.clone().find(|prefix| all(prefix, |_, _| true)))
    }

    /// A key as it is in the file.
    fn full(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

/// Copies the values of a file that [`Check`] has passed.
struct Read<'a> {
    file: &'a File<'a>,
}

impl VisitorMut<1> for Read<'_> {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, [tensor]: [&mut [T]; 1]) {
        let (Some(layout), Some(found)) = (path.tensor(), self.file.tensor(&path.to_string()))
        else {
            return;
        };
        // Row by row in the file, column by column here.
        for (number, at) in numbers(found).zip(by_rows(layout)) {
            tensor[at] = T::from_f64(number);
        }
    }

    fn count(&mut self, path: &Path<'_>, [count]: [&mut i64; 1]) {
        let found = self.file.tensor(&path.to_string());
        if let Some(bytes) = found.and_then(|found| found.data.first_chunk()) {
            *count = i64::from_le_bytes(*bytes);
        }
    }
}

/// The numbers of a tensor of a type that can be read, as `f64`, which holds each exactly: so that
/// they are rounded once at the most. None of another type.
pub(crate) fn numbers<'a>(
    tensor: &layerwise_format::Tensor<'a>,
) -> impl Iterator<Item = f64> + use<'a> {
    let (size, data) = (tensor.dtype.bits() / 8, tensor.data);
    let decoder = tensor.dtype.decoder();
    decoder
        .into_iter()
        .flat_map(move |decode| data.chunks_exact(size).map(decode))
}

/// Where nalgebra keeps the elements that PyTorch counts row by row.
pub(crate) fn by_rows(layout: Tensor) -> impl Iterator<Item = usize> {
    let [rows, inputs, taps] = layout.dims();
    (0..rows * inputs * taps).map(move |number| {
        let (input, tap) = (number / taps % inputs, number % taps);
        (tap * inputs + input) * rows + number / (inputs * taps)
    })
}
