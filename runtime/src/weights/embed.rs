//! Weights that are part of the program. While it compiles, the macro reads the file's header and
//! numbers, and the compiler, which alone knows what the network is made of, compares the one and
//! copies the others to where the network has them.
#![allow(
    unsafe_code,
    reason = "to copy numbers to the places that a layout names"
)]

use core::mem::MaybeUninit;

use crate::{
    parameters::{
        Parameters,
        layout::{Layout, Tensor},
    },
    text::Text,
    weights::{
        COUNTS, NUMBERS,
        compare::{equal, is_less, same, starts_with},
    },
};

/// A key of a weight file.
pub(crate) type Key = Text<512>;

/// A weight file's header.
#[derive(Clone, Copy)]
pub struct Header {
    /// Its path, as it was written.
    pub name: &'static str,
    /// What its keys began with, and `tensors` don't.
    pub prefix: &'static str,
    /// Whether it must have nothing but what is the network's.
    pub is_strict: bool,
    /// The scalar of the network, in which the numbers are kept.
    pub scalar: &'static str,
    /// What it holds behind the prefix, sorted by name.
    pub tensors: &'static [FileTensor],
}

/// One tensor of a weight file.
#[derive(Clone, Copy)]
pub struct FileTensor {
    /// Its key, without the prefix.
    pub name: &'static str,
    /// The type of its numbers.
    pub dtype: &'static str,
    /// Whether they can be read as numbers of a matrix or a vector.
    pub is_readable: bool,
    /// The lengths of its dimensions.
    pub shape: &'static [usize],
    /// Where in the embedded data its numbers begin, in bytes.
    pub at: usize,
}

/// A tensor of the network.
pub(crate) struct Leaf {
    pub(crate) key: Key,
    pub(crate) tensor: Tensor,
    /// How many bytes from the start of the network it is.
    pub(crate) offset: usize,
}

/// What is done with each tensor; an enum, since constants have no closures.
#[allow(clippy::large_enum_variant, reason = "constants have no boxes either")]
enum Task<'a> {
    /// Notes the first fault of the file.
    Check(&'a Header, Option<Fault>),
    /// Notes whether there is a tensor of this name.
    Find(&'a str, bool),
    /// Notes whether the file has each tensor behind what its name begins with here.
    Behind(&'a Header, &'a [u8], Behind),
    /// Copies the file's numbers into the network at the pointer.
    Copy(&'a Header, &'a [u8], *mut u8),
}

/// What a file has of the network behind a prefix.
#[derive(Clone, Copy)]
struct Behind {
    /// Every key.
    keys: bool,
    /// And every shape.
    shapes: bool,
}

/// What is wrong with a file.
pub(crate) enum Fault {
    Missing(Leaf),
    Shape(Leaf, FileTensor),
    /// With what can be read.
    Dtype(FileTensor, &'static str),
    /// The network's tensor is of another scalar than the network.
    Scalar(Leaf),
    Unexpected(FileTensor),
}

impl Header {
    /// Where in the tensors, which are sorted by name, this name is or would be.
    #[inline]
    const fn place(&self, name: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.tensors.len());
        while low < high {
            let middle = low.midpoint(high);
            if is_less(self.tensors[middle].name.as_bytes(), name) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The tensor of this name.
    #[inline]
    pub(crate) const fn tensor(&self, name: &[u8]) -> Option<FileTensor> {
        match self.tensors.split_at(self.place(name)).1 {
            [tensor, ..] if equal(tensor.name.as_bytes(), name) => Some(*tensor),
            _ => None,
        }
    }

    /// The first tensor under `key` that the layout there has not; it has all of its own.
    #[inline]
    pub(crate) const fn unexpected(&self, layout: &Layout, key: &Key) -> Option<FileTensor> {
        let (mut index, mut end) = (0, self.tensors.len());
        if key.len() > 0 {
            let mut behind = *key;
            // What follows the dot.
            behind.str("/");
            (index, end) = (
                self.place(dotted(key).as_bytes()),
                self.place(behind.as_bytes()),
            );
        }
        if end - index <= layout.tensors() {
            return None;
        }
        while index < end {
            let tensor = self.tensors[index];
            if !has(layout, key, tensor.name) {
                return Some(tensor);
            }
            index += 1;
        }
        None
    }

    /// The file's tensor for one of the network's.
    #[allow(clippy::result_large_err, reason = "constants have no boxes")]
    #[inline]
    const fn matching(&self, leaf: Leaf) -> Result<FileTensor, Fault> {
        let Some(found) = self.tensor(leaf.key.as_bytes()) else {
            return Err(Fault::Missing(leaf));
        };
        if !same(leaf.tensor.shape(), found.shape) {
            return Err(Fault::Shape(leaf, found));
        }
        if leaf.tensor.is_count() {
            return if equal(found.dtype.as_bytes(), COUNTS.as_bytes()) {
                Ok(found)
            } else {
                Err(Fault::Dtype(found, COUNTS))
            };
        }
        if !found.is_readable {
            return Err(Fault::Dtype(found, NUMBERS));
        }
        if !equal(leaf.tensor.scalar().as_bytes(), self.scalar.as_bytes()) {
            return Err(Fault::Scalar(leaf));
        }
        Ok(found)
    }
}

impl Task<'_> {
    /// The stage to which `path` leads through the structs, in every copy of a repeat.
    #[inline]
    const fn walk(
        &mut self,
        layout: &Layout,
        path: &[usize],
        key: &Key,
        offset: usize,
        matrix: bool,
    ) {
        if self.is_done() {
            return;
        }
        if let Self::Find(name, _) = self
            && !starts_with(name.as_bytes(), key.as_bytes())
        {
            return;
        }
        match layout {
            Layout::Tensor(tensor) => self.leaf(Leaf {
                key: *key,
                tensor: if matrix { tensor.matrix() } else { *tensor },
                offset,
            }),
            Layout::Array { len, item, stride } => {
                let mut index = 0;
                while index < *len {
                    let mut key = dotted(key);
                    key.number(index);
                    self.walk(item, path, &key, offset + index * *stride, matrix);
                    index += 1;
                }
            }
            Layout::Struct(fields) => {
                let is_stage = !path.is_empty();
                let (mut index, last, path) = match path {
                    [index, path @ ..] => (*index, *index + 1, path),
                    [] => (0, fields.len(), path),
                };
                while index < last && !self.is_done() {
                    let field = &fields[index];
                    if self.is_elsewhere(key, field.key) {
                        index += 1;
                        continue;
                    }
                    let mut key = *key;
                    if !field.key.is_empty() {
                        key = dotted(&key);
                        key.str(field.key);
                    }
                    let offset = offset + field.offset;
                    self.walk(&field.layout, path, &key, offset, field.matrix);
                    if is_stage && path.is_empty() {
                        self.end_of_stage(&field.layout, &key);
                    }
                    index += 1;
                }
            }
        }
    }

    /// Whether one that is not there, one fault, or the one that is looked for has been found.
    #[inline]
    const fn is_done(&self) -> bool {
        matches!(
            self,
            Self::Behind(_, _, Behind { keys: false, .. })
                | Self::Check(_, Some(_))
                | Self::Find(_, true)
        )
    }

    /// Whether what is looked for begins with `key`, but not with `next` behind it: a network of many
    /// stages is looked through for each of them, by a compiler that takes its time.
    #[inline]
    const fn is_elsewhere(&self, key: &Key, next: &str) -> bool {
        let Self::Find(name, _) = self else {
            return false;
        };
        let begins = key.len() + (key.len() > 0) as usize;
        match name.as_bytes().split_at_checked(begins) {
            Some((_, rest)) => !starts_with(rest, next.as_bytes()),
            None => !next.is_empty(),
        }
    }

    /// Notes whatever the file has besides under the name of a stage.
    #[inline]
    const fn end_of_stage(&mut self, layout: &Layout, key: &Key) {
        if let Self::Check(file, fault @ None) = self
            && file.is_strict
            && let Some(tensor) = file.unexpected(layout, key)
        {
            *fault = Some(Fault::Unexpected(tensor));
        }
    }

    #[inline]
    const fn leaf(&mut self, leaf: Leaf) {
        match self {
            Self::Check(_, Some(_)) => {}
            Self::Check(file, fault) => {
                if let Err(found) = file.matching(leaf) {
                    *fault = Some(found);
                }
            }
            Self::Find(name, found) => {
                *found = *found || equal(leaf.key.as_bytes(), name.as_bytes());
            }
            Self::Behind(file, prefix, behind) => {
                let mut key = Key::new();
                key.bytes(prefix);
                key.bytes(leaf.key.as_bytes());
                let found = file.tensor(key.as_bytes());
                behind.keys &= found.is_some();
                behind.shapes &=
                    matches!(found, Some(found) if same(leaf.tensor.shape(), found.shape));
            }
            Self::Copy(file, data, to) => {
                let (offset, bytes) = (leaf.offset, leaf.tensor.bytes());
                if let Ok(tensor) = file.matching(leaf) {
                    let numbers = data.split_at(tensor.at).1.split_at(bytes).0;
                    // SAFETY: there are as many bytes, and `Task::Copy` is made in `value` only,
                    // whose pointer is to a network in which such a tensor is there, by its
                    // `LAYOUT`.
                    unsafe {
                        to.add(offset)
                            .copy_from_nonoverlapping(numbers.as_ptr(), numbers.len());
                    }
                }
            }
        }
    }
}

/// Whether the layout, which is at `key`, has a tensor of this name.
#[inline]
pub(crate) const fn has(layout: &Layout, key: &Key, name: &str) -> bool {
    let mut find = Task::Find(name, false);
    find.walk(layout, &[], key, 0, false);
    matches!(find, Task::Find(_, true))
}

/// The first fault of the file as to one stage, to which `path` leads through the structs.
#[inline]
pub(crate) const fn fault(layout: &Layout, file: &Header, path: &[usize]) -> Option<Fault> {
    let mut check = Task::Check(file, None);
    check.walk(layout, path, &Key::new(), 0, false);
    match check {
        Task::Check(_, fault) => fault,
        _ => None,
    }
}

/// What stands before the key in the tensor's name, up to a dot.
#[inline]
const fn before(tensor: &FileTensor, key: &Key) -> Option<&'static [u8]> {
    let (name, key): (&'static [u8], _) = (tensor.name.as_bytes(), key.as_bytes());
    // By places, from the end: there are many keys, and for the compiler each call takes long.
    let (mut end, mut left) = (name.len(), key.len());
    while left > 0 {
        if end == 0 || name[end - 1] != key[left - 1] {
            return None;
        }
        (end, left) = (end - 1, left - 1);
    }
    if end > 0 && name[end - 1] == b'.' {
        Some(name.split_at(end).0)
    } else {
        None
    }
}

/// Whether the file has the same before two keys.
#[inline]
pub(crate) const fn is_before_both(file: &Header, key: &Key, other: &Key) -> bool {
    let mut rest = file.tensors;
    while let [tensor, tail @ ..] = rest {
        if let Some(before) = before(tensor, key) {
            let mut name = Key::new();
            name.bytes(before);
            name.bytes(other.as_bytes());
            if file.tensor(name.as_bytes()).is_some() {
                return true;
            }
        }
        rest = tail;
    }
    false
}

/// What stands in the file before each of the network's keys, of which `key` is one, where that is
/// the same; of several, the one with the network's shapes.
#[inline]
pub(crate) const fn before_all(layout: &Layout, file: &Header, key: &Key) -> Option<&'static [u8]> {
    let mut first = None;
    let mut rest = file.tensors;
    while let [tensor, tail @ ..] = rest {
        rest = tail;
        let Some(before) = before(tensor, key) else {
            continue;
        };
        let all = Behind {
            keys: true,
            shapes: true,
        };
        let mut task = Task::Behind(file, before, all);
        task.walk(layout, &[], &Key::new(), 0, false);
        match task {
            Task::Behind(_, _, Behind { shapes: true, .. }) => return Some(before),
            Task::Behind(_, _, Behind { keys: true, .. }) if first.is_none() => {
                first = Some(before);
            }
            _ => {}
        }
    }
    first
}

/// A network with the numbers of the file; with zeros where the file is not the network's, which
/// is an error by the checks. `data` has the numbers tensor by tensor in the order of nalgebra's
/// storage, and as the target keeps them in memory.
#[must_use]
#[inline]
pub const fn value<P: Parameters>(file: &Header, data: &[u8]) -> P {
    let mut value = MaybeUninit::new(P::ZEROS);
    let mut copy = Task::Copy(file, data, value.as_mut_ptr().cast());
    copy.walk(&P::LAYOUT, &[], &Key::new(), 0, false);
    // SAFETY: it was a whole value, of which numbers were replaced by numbers.
    unsafe { value.assume_init() }
}

/// The key with a dot, where something stands before it.
#[inline]
const fn dotted(key: &Key) -> Key {
    let mut key = *key;
    if key.len() > 0 {
        key.str(".");
    }
    key
}
