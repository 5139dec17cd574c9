//! Where a walk over parameters is.

use core::fmt;

use super::layout::{Layout, Tensor};
use crate::parameters::Parameters;

/// Where a walk is: displayed, it is the key of a weight file, `encoder.0.weight`.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    key: Key,
    layout: Layout,
    init: Option<f64>,
    buffer: bool,
    matrix: bool,
    fan_in: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Key {
    Root,
    Name(&'static str),
    Index(usize),
}

impl Path<'static> {
    /// Where a walk over a whole `P` begins.
    #[must_use]
    pub const fn root<P: Parameters>() -> Self {
        Self {
            parent: None,
            key: Key::Root,
            layout: P::LAYOUT,
            init: None,
            buffer: false,
            matrix: false,
            fan_in: None,
        }
    }
}

impl<'a> Path<'a> {
    /// The path to the field at `index` of the struct that this path leads to.
    pub(super) fn field(&'a self, index: usize) -> Path<'a> {
        let Layout::Struct(fields) = self.layout else {
            return *self;
        };
        let field = &fields[index];
        Path {
            parent: Some(self),
            key: Key::Name(field.key),
            layout: field.layout,
            // A stage may have been declared with another than that of its type.
            init: self.init.or(field.init),
            buffer: field.buffer || self.buffer,
            matrix: field.matrix,
            fan_in: field.fan_in,
        }
    }

    pub(super) fn index(&'a self, index: usize) -> Path<'a> {
        let Layout::Array { item, .. } = self.layout else {
            return *self;
        };
        Path {
            parent: Some(self),
            key: Key::Index(index),
            layout: *item,
            ..*self
        }
    }

    pub(super) const fn layout(&self) -> Layout {
        self.layout
    }

    /// The shape and scalar of the tensor that this path leads to; `None` above the tensors.
    #[must_use]
    pub fn tensor(&self) -> Option<Tensor> {
        match self.layout {
            Layout::Tensor(tensor) if self.matrix => Some(tensor.matrix()),
            Layout::Tensor(tensor) => Some(tensor),
            Layout::Struct(_) | Layout::Array { .. } => None,
        }
    }

    /// Whether the tensor is saved and not trained.
    #[must_use]
    pub fn is_buffer(&self) -> bool {
        self.buffer
    }

    /// The value that the tensor is filled with at the start, where it isn't drawn at random.
    #[must_use]
    pub fn init(&self) -> Option<f64> {
        self.init.or(self.buffer.then_some(0.0))
    }

    /// How many numbers feed each output of the layer that holds this tensor.
    pub(crate) fn fan_in(&self) -> usize {
        let owner = self.parent.map_or(self.layout, |parent| parent.layout);
        self.fan_in.or_else(|| owner.fan_in()).unwrap_or(1)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(parent), Key::Name("")) = (self.parent, self.key) {
            return write!(f, "{parent}");
        }
        if let Some(parent) = self.parent
            && !matches!(parent.key, Key::Root)
        {
            write!(f, "{parent}.")?;
        }
        match self.key {
            Key::Root => Ok(()),
            Key::Name(name) => f.write_str(name),
            Key::Index(index) => write!(f, "{index}"),
        }
    }
}
