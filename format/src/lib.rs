//! [safetensors](https://huggingface.co/docs/safetensors), the format of weight files, as far as
//! layerwise reads and writes it: for its macro and its library, of which neither can depend on the
//! other. Eight bytes say how long the header is, which is JSON and names the tensors; their numbers
//! follow.
//!
//! A file is refused that leaves anything open: bytes that belong to no tensor, or to two, a name that
//! is there twice, a field that the format doesn't have.

mod dtype;
mod fault;
mod header;

pub use dtype::Dtype;
pub use fault::{Fault, Other};
use header::Entry;

/// The most bytes of a header, as in the format's own crate.
const LONGEST_HEADER: u64 = 100_000_000;

/// What a file holds.
#[derive(Debug)]
pub struct File<'a> {
    tensors: Vec<Tensor<'a>>,
}

/// One tensor of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor<'a> {
    /// Its key.
    pub name: String,
    /// The type of its numbers.
    pub dtype: Dtype,
    /// The lengths of its dimensions; empty for a single number.
    pub shape: Vec<usize>,
    /// Its numbers, the last index fastest, in little endian.
    pub data: &'a [u8],
}

impl<'a> File<'a> {
    /// Reads the header; the numbers stay where they are.
    ///
    /// # Errors
    ///
    /// Where the bytes are no such file, or only a part of one.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        // Last, since a header's length may look like the beginning of something else.
        Self::whole(bytes).map_err(|fault| Other::of(bytes).map_or(fault, Fault::Other))
    }

    fn whole(bytes: &'a [u8]) -> Result<Self, Fault> {
        let (length, rest) = bytes.split_first_chunk().ok_or(Fault::Short)?;
        let length = u64::from_le_bytes(*length);
        if length > LONGEST_HEADER {
            return Err(Fault::HeaderTooLong(length));
        }
        let (header, data) = usize::try_from(length)
            .ok()
            .and_then(|length| rest.split_at_checked(length))
            .ok_or(Fault::HeaderIsCut(length))?;
        let mut entries = header::read(header)?;
        entries.sort_by_key(|entry| entry.offsets);
        let mut tensors = Vec::with_capacity(entries.len());
        let mut end = 0;
        for entry in entries {
            tensors.push(tensor(entry, data, &mut end)?);
        }
        if end != data.len() {
            return Err(Fault::Uncovered {
                end,
                len: data.len(),
            });
        }
        tensors.sort_by(|a: &Tensor<'_>, b| a.name.cmp(&b.name));
        match tensors.windows(2).find(|pair| pair[0].name == pair[1].name) {
            Some(pair) => Err(Fault::Twice(pair[0].name.clone())),
            None => Ok(Self { tensors }),
        }
    }

    /// The tensors whose names begin with `prefix`, without it.
    ///
    /// # Errors
    ///
    /// Where no name does: with the first parts of the names that there are, such as `actor.`.
    pub fn behind(mut self, prefix: &str) -> Result<Self, Vec<String>> {
        let is_behind = |tensor: &Tensor<'_>| tensor.name.starts_with(prefix);
        if !prefix.is_empty() && !self.tensors.iter().any(is_behind) {
            let names = self.tensors.iter().map(|tensor| &tensor.name);
            let first = |name: &String| name.split_inclusive('.').next().map(str::to_owned);
            let mut parts: Vec<String> = names.filter_map(first).collect();
            // They are sorted.
            parts.dedup();
            return Err(parts);
        }
        self.tensors.retain(is_behind);
        for tensor in &mut self.tensors {
            tensor.name.drain(..prefix.len());
        }
        Ok(self)
    }

    /// All tensors, sorted by name.
    #[must_use]
    pub fn tensors(&self) -> &[Tensor<'a>] {
        &self.tensors
    }

    /// The tensor of a name.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<&Tensor<'a>> {
        let found = self
            .tensors
            .binary_search_by(|tensor| tensor.name.as_str().cmp(name));
        Some(&self.tensors[found.ok()?])
    }
}

/// The tensor of an entry, which begins where the one before it ends.
fn tensor<'a>(entry: Entry, data: &'a [u8], end: &mut usize) -> Result<Tensor<'a>, Fault> {
    let Entry {
        name,
        dtype,
        shape,
        offsets: [from, to],
    } = entry;
    if from != *end || to < from {
        return Err(Fault::Offset(name));
    }
    let bits = shape
        .iter()
        .try_fold(dtype.bits(), |bits, &length| bits.checked_mul(length));
    if bits != (to - from).checked_mul(8) {
        return Err(Fault::Size {
            name,
            dtype,
            shape,
            bytes: to - from,
        });
    }
    let Some(data) = data.get(from..to) else {
        return Err(Fault::Uncovered {
            end: to,
            len: data.len(),
        });
    };
    *end = to;
    Ok(Tensor {
        name,
        dtype,
        shape,
        data,
    })
}

/// A file of these tensors, as PyTorch can load it.
///
/// # Panics
///
/// Where there are more or fewer bytes than a shape says.
#[must_use]
pub fn write(tensors: &[Tensor<'_>]) -> Vec<u8> {
    let mut header = header::write(tensors);
    // So that the numbers are aligned in a file that is mapped into memory.
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.into_bytes());
    for tensor in tensors {
        let numbers: usize = tensor.shape.iter().product();
        let bytes = numbers * tensor.dtype.bits() / 8;
        assert_eq!(tensor.data.len(), bytes, "the bytes of `{}`", tensor.name);
        file.extend(tensor.data);
    }
    file
}

#[cfg(test)]
mod tests;
