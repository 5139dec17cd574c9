//! Why weights could not be read or written.

use std::{boxed::Box, error::Error, fmt, io, path::PathBuf, slice, string::String, vec::Vec};

/// Why weights could not be read or written. The network that they were for is as it was.
#[derive(Debug)]
#[non_exhaustive]
pub enum WeightsError {
    /// The file can't be read.
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file can't be written.
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file's content does not fit the network.
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with its content.
        source: Box<WeightsError>,
    },
    /// The bytes are no safetensors file, or only the beginning of one.
    Format {
        /// How many bytes there are.
        len: usize,
        /// What the format's own reader said, and what the bytes are, if they are another known kind
        /// of file: a Git LFS pointer, or what `torch.save` writes.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No key of the file begins with the prefix.
    Prefix {
        /// The prefix.
        prefix: String,
        /// The first parts of the keys that the file has, such as `actor.`.
        found: Vec<String>,
    },
    /// A tensor of the network is not in the file.
    Missing {
        /// The tensor's key in the file, with the prefix.
        name: String,
        /// Its shape in the network.
        expected: Vec<usize>,
        /// The keys that the file has, those that begin with the prefix.
        found: Vec<String>,
        /// The one that differs least, if it does by a few letters and is not another of the
        /// network's.
        nearest: Option<String>,
        /// The prefix with which all of the network's keys are in the file, if there is one.
        prefix: Option<String>,
    },
    /// A tensor of the file is not in the network.
    Unexpected {
        /// The tensor's key.
        name: String,
        /// The keys that the network has, with the prefix.
        expected: Vec<String>,
    },
    /// A tensor has another shape.
    Shape {
        /// The tensor's key.
        name: String,
        /// Its shape in the network.
        expected: Vec<usize>,
        /// Its shape in the file.
        found: Vec<usize>,
    },
    /// A tensor holds numbers of a type that can't be read.
    Dtype {
        /// The tensor's key.
        name: String,
        /// What can be read.
        expected: &'static str,
        /// Its type in the file.
        found: String,
    },
    /// A checkpoint counts less than nothing.
    Negative {
        /// The count's key.
        name: String,
        /// The count in the file.
        found: i64,
    },
}

impl fmt::Display for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, source } => write!(f, "cannot read {}: {source}", path.display()),
            Self::Write { path, source } => write!(f, "cannot write {}: {source}", path.display()),
            Self::File { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Format { len, source } => {
                write!(f, "not a complete safetensors file ({len} bytes): {source}")
            }
            Self::Prefix { prefix, found } => write!(
                f,
                "no key begins with {prefix:?}; the keys of the file begin with {}",
                Names(found)
            ),
            Self::Missing {
                name,
                expected,
                found,
                nearest,
                prefix,
            } => {
                let found = Names(nearest.as_ref().map_or(found, slice::from_ref));
                write!(
                    f,
                    "tensor `{name}` of shape {expected:?} is missing; the file has {found}"
                )?;
                match prefix {
                    Some(prefix) => write!(
                        f,
                        "\nhelp: all of the network's keys begin with {prefix:?} there: \
                         write `Keys::new().prefix({prefix:?})`"
                    ),
                    None => Ok(()),
                }
            }
            Self::Unexpected { name, expected } => write!(
                f,
                "tensor `{name}` is in the file, but the network has only {}",
                Names(expected)
            ),
            Self::Shape {
                name,
                expected,
                found,
            } => write!(
                f,
                "tensor `{name}` has shape {found:?} in the file, but {expected:?} in the network"
            ),
            Self::Dtype {
                name,
                expected,
                found,
            } => write!(
                f,
                "tensor `{name}` is {found} in the file, but {expected} can be read"
            ),
            Self::Negative { name, found } => write!(
                f,
                "`{name}` is {found} in the file, but a count is zero or more"
            ),
        }
    }
}

impl Error for WeightsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Write { source, .. } => Some(source),
            Self::File { source, .. } => Some(&**source),
            Self::Format { source, .. } => Some(&**source),
            _ => None,
        }
    }
}

/// Some of the names, and how many more there are.
struct Names<'a>(&'a [String]);

/// As many as the compiler lists.
const LISTED: usize = 8;

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("no tensors"),
            names => {
                let (listed, more) = names.split_at(names.len().min(LISTED));
                write!(f, "`{}`", listed.join("`, `"))?;
                match more.len() {
                    0 => Ok(()),
                    more => write!(f, ", and {more} more"),
                }
            }
        }
    }
}
