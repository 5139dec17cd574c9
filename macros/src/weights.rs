//! Weight files, read while the program compiles: their headers, and their numbers as the target
//! keeps them in memory.

use std::{env, fs, path::Path};

use layerwise_format as format;
use syn::{Ident, LitBool, LitStr, Result};

use crate::nearest::nearest;

/// A file that a setting names.
pub(crate) struct File {
    /// The setting's value.
    pub(crate) path: LitStr,
    pub(crate) keys: Keys,
    /// Those of the keys.
    pub(crate) tensors: Vec<Tensor>,
    /// The numbers of all tensors that can be read, if they were asked for.
    pub(crate) data: Vec<u8>,
    /// How the data has them.
    pub(crate) numbers: Option<Numbers>,
}

impl File {
    /// The numbers of a tensor of this name and shape, as they are in the data.
    pub(crate) fn numbers_of(&self, name: &str, shape: &[usize]) -> Option<Vec<f64>> {
        let tensor = self.tensors.iter().find(|tensor| tensor.name == name)?;
        if !tensor.is_readable || tensor.shape != shape {
            return None;
        }
        let count = shape.iter().product();
        self.numbers?.read(&self.data[tensor.at..], count)
    }

    /// The shape of a tensor.
    pub(crate) fn shape_of(&self, name: &str) -> Option<&[usize]> {
        let tensor = self.tensors.iter().find(|tensor| tensor.name == name)?;
        Some(&tensor.shape)
    }
}

/// Which keys of a file are the network's, as far as it was said.
#[derive(Clone, Default)]
pub(crate) struct Keys {
    pub(crate) prefix: Option<LitStr>,
    pub(crate) strict: Option<LitBool>,
}

impl Keys {
    /// What all of them begin with.
    pub(crate) fn prefix(&self) -> String {
        let prefix = self.prefix.as_ref().map(LitStr::value);
        prefix.unwrap_or_default()
    }

    /// Whether each must be one of the network's.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict.as_ref().is_none_or(LitBool::value)
    }
}

/// What the header says of one tensor.
pub(crate) struct Tensor {
    /// Without the prefix.
    pub(crate) name: String,
    pub(crate) dtype: String,
    pub(crate) is_readable: bool,
    pub(crate) shape: Vec<usize>,
    /// Where in the data its numbers begin.
    pub(crate) at: usize,
}

/// How the target keeps numbers.
#[derive(Clone, Copy)]
pub(crate) struct Numbers {
    pub(crate) is_double: bool,
    pub(crate) is_big_endian: bool,
}

impl Numbers {
    pub(crate) fn new(scalar: &Ident, is_big_endian: bool) -> Self {
        Self {
            is_double: scalar == "f64",
            is_big_endian,
        }
    }

    /// So many numbers.
    fn read(self, bytes: &[u8], count: usize) -> Option<Vec<f64>> {
        let number = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            if self.is_big_endian {
                bytes.reverse();
            }
            if self.is_double {
                bytes.try_into().ok().map(f64::from_le_bytes)
            } else {
                bytes.try_into().ok().map(f32::from_le_bytes).map(f64::from)
            }
        };
        let size = if self.is_double { 8 } else { 4 };
        bytes
            .get(..count * size)?
            .chunks(size)
            .map(number)
            .collect()
    }

    /// Whether it is finite, also when it is rounded.
    pub(crate) fn holds(self, number: f64) -> bool {
        number.is_finite() && (self.is_double || (number as f32).is_finite())
    }

    pub(crate) fn write(self, number: f64, to: &mut Vec<u8>) {
        if self.is_double {
            self.put(&number.to_le_bytes(), to);
        } else {
            self.put(&(number as f32).to_le_bytes(), to);
        }
    }

    /// One number's bytes, the low ones first.
    fn put(self, bytes: &[u8], to: &mut Vec<u8>) {
        let at = to.len();
        to.extend(bytes);
        if self.is_big_endian {
            to[at..].reverse();
        }
    }
}

/// Reads the tensors of the keys in the file that a setting names: what its header says of them, and
/// their numbers if it is said how the target keeps them.
pub(crate) fn read(path: LitStr, keys: Keys, numbers: Option<Numbers>) -> Result<File> {
    let written = path.value();
    let error = |message: String| syn::Error::new_spanned(&path, message);
    let folder = env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| {
        error("CARGO_MANIFEST_DIR is not set\nhelp: compile with Cargo, which sets it".to_owned())
    })?;
    let full = Path::new(&folder).join(&written);
    let bytes = fs::read(&full).map_err(|source| {
        let help = neighbour(&full, &written);
        error(format!("cannot read \"{written}\": {source}\nhelp: {help}"))
    })?;
    let file = format::File::read(&bytes).map_err(|fault| {
        let len = bytes.len();
        let help = match fault {
            // It says what mends it.
            format::Fault::Other(_) => "",
            _ => "\nhelp: write it with `safetensors.torch.save_file(model.state_dict(), …)`",
        };
        error(format!(
            "\"{written}\" ({len} bytes) is not a complete safetensors file: {fault}{help}"
        ))
    })?;
    let file = file
        .behind(&keys.prefix())
        .map_err(|found| unknown_prefix(&keys, &written, &found))?;
    let mut data = Vec::new();
    let mut tensors = Vec::with_capacity(file.tensors().len());
    for tensor in file.tensors() {
        let at = data.len();
        let decode = tensor.dtype.decoder();
        if let (Some(decode), Some(numbers)) = (decode, numbers) {
            write(tensor, decode, numbers, &mut data);
        }
        if let (format::Dtype::I64, [], Some(numbers)) = (tensor.dtype, &tensor.shape[..], numbers)
        {
            numbers.put(tensor.data, &mut data);
        }
        tensors.push(Tensor {
            name: tensor.name.clone(),
            dtype: format!("{:?}", tensor.dtype),
            is_readable: decode.is_some(),
            shape: tensor.shape.clone(),
            at,
        });
    }
    Ok(File {
        path,
        keys,
        tensors,
        data,
        numbers,
    })
}

/// The error where no key of the file begins with the prefix, but with what was found.
fn unknown_prefix(keys: &Keys, written: &str, found: &[String]) -> syn::Error {
    let prefix = keys.prefix();
    let listed: Vec<String> = found
        .iter()
        .take(LISTED)
        .map(|part| format!("{part:?}"))
        .collect();
    let help = match (listed.join(", "), found.len().saturating_sub(LISTED)) {
        (listed, _) if listed.is_empty() => "it has no tensors".to_owned(),
        (listed, 0) => format!("its keys begin with {listed}"),
        (listed, more) => format!("its keys begin with {listed}, and {more} more"),
    };
    let message = format!("no key of \"{written}\" begins with {prefix:?}\nhelp: {help}");
    syn::Error::new_spanned(&keys.prefix, message)
}

/// The beginnings of keys that a message lists at the most.
const LISTED: usize = 8;

/// What a path that can't be read should probably have been.
fn neighbour(full: &Path, written: &str) -> String {
    let folder = full.parent();
    let entries = folder.and_then(|folder| fs::read_dir(folder).ok());
    let stem = |name: &str| name.strip_suffix(EXTENSION).map(str::to_owned);
    let stems: Vec<String> = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| stem(entry.ok()?.file_name().to_str()?))
        .collect();
    let last = full.file_name().unwrap_or_default().to_string_lossy();
    let last = stem(&last).unwrap_or_else(|| last.into_owned());
    match nearest(&last, stems.iter().map(String::as_str)) {
        Some(meant) => {
            let meant = Path::new(written).with_file_name(format!("{meant}{EXTENSION}"));
            format!("write \"{}\"", meant.display())
        }
        None => "paths start from the folder of this package's Cargo.toml".to_owned(),
    }
}

const EXTENSION: &str = ".safetensors";

/// Writes a tensor's numbers: a matrix, which the file has row by row, column by column, as nalgebra
/// keeps it; and of a convolution the inputs of each tap, where the file has the taps of each input.
fn write(
    tensor: &format::Tensor<'_>,
    decode: fn(&[u8]) -> f64,
    numbers: Numbers,
    to: &mut Vec<u8>,
) {
    let size = tensor.dtype.bits() / 8;
    let number = |at: usize| decode(&tensor.data[at * size..][..size]);
    let (rows, inputs, taps) = match *tensor.shape {
        [rows, inputs, ref taps @ ..] => (rows, inputs, taps.iter().product()),
        _ => (tensor.data.len() / size, 1, 1),
    };
    for tap in 0..taps {
        for input in 0..inputs {
            for row in 0..rows {
                numbers.write(number((row * inputs + input) * taps + tap), to);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_are_turned_and_numbers_are_the_targets() {
        let bytes: Vec<u8> = [1.0_f64, 2.0, 3.0, 4.0, 5.0, 6.0]
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        let tensor = format::Tensor {
            name: String::new(),
            dtype: format::Dtype::F64,
            shape: vec![2, 3],
            data: &bytes,
        };
        let decode = tensor.dtype.decoder().unwrap();
        let written = |is_double, is_big_endian| {
            let mut data = Vec::new();
            let numbers = Numbers {
                is_double,
                is_big_endian,
            };
            write(&tensor, decode, numbers, &mut data);
            data
        };
        let columns = [1.0, 4.0, 2.0, 5.0, 3.0, 6.0];
        let little: Vec<u8> = columns.map(f32::to_le_bytes).concat();
        let big: Vec<u8> = columns.map(f32::to_be_bytes).concat();
        assert_eq!(written(false, false), little);
        assert_eq!(written(false, true), big);
        let big: Vec<u8> = columns.map(|x| f64::from(x).to_be_bytes()).concat();
        assert_eq!(written(true, true), big);
    }
}
