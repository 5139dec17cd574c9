//! Why a file can't be read.

use std::{error::Error, fmt};

use crate::Dtype;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// They are a file of another kind.
    Other(Other),
    /// There are fewer than eight bytes.
    Short,
    /// The header would be longer than any.
    HeaderTooLong(u64),
    /// The header would be longer than the file.
    HeaderIsCut(u64),
    /// The header is no UTF-8.
    Text {
        /// The first byte that isn't.
        at: usize,
    },
    /// The header is not the format's.
    Header {
        /// The byte of the header.
        at: usize,
        /// What should be there.
        expected: &'static str,
    },
    /// A type that the format doesn't have.
    Dtype {
        /// The tensor.
        name: String,
        /// The type.
        dtype: String,
    },
    /// A name is there more than once.
    Twice(String),
    /// A tensor doesn't begin where the one before it ends.
    Offset(String),
    /// A tensor's place has another size.
    Size {
        /// The tensor.
        name: String,
        /// Its type.
        dtype: Dtype,
        /// Its shape.
        shape: Vec<usize>,
        /// The size of its place.
        bytes: usize,
    },
    /// The tensors end before the file does, or after it.
    Uncovered {
        /// Where the tensors end, in bytes after the header.
        end: usize,
        /// How many bytes there are.
        len: usize,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(other) => write!(f, "it is {other}"),
            Self::Short => f.write_str("the length of the header is missing"),
            Self::HeaderTooLong(length) => write!(
                f,
                "its first eight bytes, {length}, are no length of a header"
            ),
            Self::HeaderIsCut(length) => write!(f, "its header of {length} bytes is cut"),
            Self::Text { at } => write!(f, "its header is no UTF-8 at byte {at}"),
            Self::Header { at, expected } => {
                write!(f, "its header should have {expected} at byte {at}")
            }
            Self::Dtype { name, dtype } => {
                write!(f, "tensor `{name}` has an unknown type, `{dtype}`")
            }
            Self::Twice(name) => write!(f, "tensor `{name}` is there twice"),
            Self::Offset(name) => write!(
                f,
                "tensor `{name}` does not begin where the one before it ends"
            ),
            Self::Size {
                name,
                dtype,
                shape,
                bytes,
            } => write!(
                f,
                "tensor `{name}` has {bytes} bytes, which is not the size of {dtype:?} {shape:?}"
            ),
            Self::Uncovered { end, len } => write!(
                f,
                "its tensors take {end} bytes, but {len} follow the header"
            ),
        }
    }
}

impl Error for Fault {}

/// What is often taken for a weight file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// What Git has in the place of a large file that was not fetched.
    LfsPointer,
    /// What `torch.save` wrote before PyTorch 1.6.
    Pickle,
    /// What `torch.save` writes.
    Archive,
}

impl Other {
    /// The kind of a file that is no safetensors file.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            _ if bytes.starts_with(b"version https://git-lfs.github.com/spec/") => {
                Some(Self::LfsPointer)
            }
            [b'P', b'K', 3, 4, ..] => Some(Self::Archive),
            // The protocol and an opcode. A header of 640 bytes has a zero as its third.
            [0x80, 2..=5, 1..=255, ..] => Some(Self::Pickle),
            _ => None,
        }
    }
}

/// With the line that mends it.
impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::LfsPointer => {
                return f.write_str(
                    "a Git LFS pointer, in the place of the file\nhelp: fetch it with `git lfs pull`",
                );
            }
            Self::Pickle => "a pickle, which old versions of `torch.save` wrote",
            Self::Archive => "a zip archive, as `torch.save` writes",
        };
        write!(
            f,
            "{what}\nhelp: write in Python `import torch; from safetensors.torch import save_file; \
             save_file(torch.load(\"model.pt\", weights_only=True), \"model.safetensors\")`; if the \
             state dict is a part of the checkpoint, with its key, as in \
             `torch.load(…)[\"model_state_dict\"]`"
        )
    }
}
