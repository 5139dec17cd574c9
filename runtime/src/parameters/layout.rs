//! What a network is made of, as constants: the tables that counts, summaries and checks read.

pub use super::tensor::Tensor;
use crate::value::Shape;

/// What a [`Parameters`](crate::Parameters) value is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layout {
    /// A matrix, a vector or a count.
    Tensor(Tensor),
    /// A layer or a network, field by field.
    Struct(&'static [Field]),
    /// Values of one layout, one after another.
    Array {
        /// How many there are.
        len: usize,
        /// What each is made of.
        item: &'static Layout,
        /// How many bytes each takes.
        stride: usize,
    },
}

/// One field of a [`Layout::Struct`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// The field's name in Rust.
    pub name: &'static str,
    /// Its part of a key in a weight file: the name, or PyTorch's number for an unnamed stage. Empty
    /// for the only stage of a copy in a repeat, which has no part of its own.
    pub key: &'static str,
    /// What it is made of.
    pub layout: Layout,
    /// How many bytes from the start of the struct it is.
    pub offset: usize,
    /// What it is to the network, where it is a stage of one.
    pub stage: Option<Stage>,
    /// The value its tensors are filled with at the start; drawn at random where there is none.
    pub init: Option<f64>,
    /// Whether its tensors are saved and not trained.
    pub buffer: bool,
    /// Whether its tensors are matrices, even those with one column, which by their type alone
    /// could be vectors.
    pub matrix: bool,
    /// Whether it is a stage of a type that isn't the library's, whatever its name.
    pub own: bool,
    /// How many other values are kept while it runs: those that a combinator puts together.
    pub beside: usize,
    /// How many numbers feed each output, where the matrices beside it don't say it: tensors are drawn
    /// from ±1/√fan_in.
    pub fan_in: Option<usize>,
}

/// A stage of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The layer's name, as in `Linear`.
    pub layer: &'static str,
    /// What reaches it.
    pub inputs: Shape,
    /// What it gives.
    pub outputs: Shape,
}

impl Stage {
    /// Whether its weight is used at each place.
    pub(crate) const fn is_convolution(&self) -> bool {
        matches!(self.layer.as_bytes(), b"Conv1d" | b"Conv2d")
    }
}

impl Layout {
    /// How many trainable numbers there are; buffers don't count.
    #[must_use]
    pub const fn parameters(&self) -> usize {
        match self {
            Self::Tensor(tensor) if tensor.is_count() => 0,
            Self::Tensor(tensor) => tensor.len(),
            Self::Array { len, item, .. } => *len * item.parameters(),
            Self::Struct(fields) => {
                let mut sum = 0;
                let mut rest = *fields;
                while let [field, tail @ ..] = rest {
                    if !field.buffer {
                        sum += field.layout.parameters();
                    }
                    rest = tail;
                }
                sum
            }
        }
    }

    /// How many products are added up for one sample: one for each number of a matrix, at each place that
    /// a convolution gives. What a
    /// layer does with vectors doesn't count, and for somebody's own layer it is an estimate.
    #[must_use]
    pub const fn macs(&self) -> usize {
        match self {
            Self::Tensor(tensor) if tensor.shape().len() >= 2 => tensor.len(),
            Self::Tensor(_) => 0,
            Self::Array { len, item, .. } => *len * item.macs(),
            Self::Struct(fields) => {
                let mut sum = 0;
                let mut rest = *fields;
                while let [field, tail @ ..] = rest {
                    sum += field.macs();
                    rest = tail;
                }
                sum
            }
        }
    }

    /// How many bytes the tensors take, buffers included.
    pub(crate) const fn bytes(&self) -> usize {
        match self {
            Self::Tensor(tensor) => tensor.bytes(),
            Self::Array { len, item, .. } => *len * item.bytes(),
            Self::Struct(fields) => {
                let mut sum = 0;
                let mut rest = *fields;
                while let [field, tail @ ..] = rest {
                    sum += field.layout.bytes();
                    rest = tail;
                }
                sum
            }
        }
    }

    /// Whether some tensors are saved and not trained.
    pub(crate) const fn has_buffers(&self) -> bool {
        match self {
            Self::Tensor(tensor) => tensor.is_count(),
            Self::Array { item, .. } => item.has_buffers(),
            Self::Struct(fields) => {
                let mut rest = *fields;
                while let [field, tail @ ..] = rest {
                    if field.buffer || field.layout.has_buffers() {
                        return true;
                    }
                    rest = tail;
                }
                false
            }
        }
    }

    /// How many stages are written, those that are made of others included.
    pub(crate) const fn stages(&self) -> usize {
        match self {
            Self::Tensor(_) => 0,
            // A repeat is a loop.
            Self::Array { item, .. } => item.stages(),
            Self::Struct(fields) => {
                let mut sum = 0;
                let mut rest = *fields;
                while let [field, tail @ ..] = rest {
                    sum += field.stage.is_some() as usize + field.layout.stages();
                    rest = tail;
                }
                sum
            }
        }
    }

    /// Whether all values between stages are vectors.
    pub(crate) const fn is_flat(&self) -> bool {
        match self {
            Self::Tensor(_) => true,
            Self::Array { item, .. } => item.is_flat(),
            Self::Struct(fields) => {
                let mut rest = *fields;
                while let [field, tail @ ..] = rest {
                    if let Some(stage) = field.stage
                        && (stage.inputs.dims().len() > 1 || stage.outputs.dims().len() > 1)
                    {
                        return false;
                    }
                    if !field.layout.is_flat() {
                        return false;
                    }
                    rest = tail;
                }
                true
            }
        }
    }

    /// How many tensors there are, buffers included.
    pub(crate) const fn tensors(&self) -> usize {
        match self {
            Self::Tensor(_) => 1,
            Self::Array { len, item, .. } => *len * item.tensors(),
            Self::Struct(fields) => {
                let mut sum = 0;
                let mut rest = *fields;
                while let [field, tail @ ..] = rest {
                    sum += field.layout.tensors();
                    rest = tail;
                }
                sum
            }
        }
    }

    /// The most values that combinators keep at a time, beside the one that a stage reads and the
    /// one that it writes.
    pub(crate) const fn held(&self) -> usize {
        match self {
            Self::Tensor(_) => 0,
            Self::Array { item, .. } => item.held(),
            Self::Struct(fields) => {
                let mut most = 0;
                let mut rest = *fields;
                while let [field, tail @ ..] = rest {
                    let held = field.beside + field.layout.held();
                    if held > most {
                        most = held;
                    }
                    rest = tail;
                }
                most
            }
        }
    }

    /// The columns of the first matrix, or the length of the first vector if there is no matrix:
    /// how many numbers feed each output of a layer with these fields.
    pub(crate) fn fan_in(&self) -> Option<usize> {
        let Self::Struct(fields) = self else {
            return None;
        };
        let tensors = || fields.iter().filter_map(Field::tensor);
        let matrix = tensors().find(|tensor| tensor.shape().len() >= 2);
        let first = matrix.or_else(|| tensors().find(|tensor| tensor.shape().len() == 1))?;
        Some(match first.shape() {
            [outputs, _, ..] => first.len() / outputs,
            _ => first.len(),
        })
    }

    /// The tensor that this is, or that an array of tensors is made of.
    const fn leaf(&self) -> Option<Tensor> {
        match self {
            Self::Tensor(tensor) => Some(*tensor),
            Self::Array { item, .. } => item.leaf(),
            Self::Struct(_) => None,
        }
    }
}

impl Field {
    /// A field that is drawn at random and trained.
    #[must_use]
    pub const fn new(name: &'static str, key: &'static str, layout: Layout, offset: usize) -> Self {
        Self {
            name,
            key,
            layout,
            offset,
            stage: None,
            init: None,
            buffer: false,
            matrix: false,
            own: false,
            beside: 0,
            fan_in: None,
        }
    }

    /// The same field, with every tensor a matrix: nalgebra's vector is a matrix with one column,
    /// so the type alone can't tell `[5, 1]` from `[5]`, and the derive says which was written.
    #[must_use]
    pub const fn matrix(mut self) -> Self {
        self.matrix = true;
        self
    }

    /// The tensor that the field is, or that its array is made of.
    pub(crate) const fn tensor(&self) -> Option<Tensor> {
        match self.layout.leaf() {
            Some(tensor) if self.matrix => Some(tensor.matrix()),
            tensor => tensor,
        }
    }

    /// As [`Layout::macs`], of a field that may be a matrix with one column.
    pub(crate) const fn macs(&self) -> usize {
        let each = if self.matrix {
            self.layout.parameters()
        } else {
            self.layout.macs()
        };
        match self.stage {
            Some(stage) if stage.is_convolution() => each * stage.outputs.places(),
            _ => each,
        }
    }

    /// The same field, as a stage of a network.
    #[must_use]
    pub const fn stage(mut self, layer: &'static str, inputs: Shape, outputs: Shape) -> Self {
        self.stage = Some(Stage {
            layer,
            inputs,
            outputs,
        });
        self
    }

    /// The same field, filled with a value at the start.
    #[must_use]
    pub const fn init(mut self, value: f64) -> Self {
        self.init = Some(value);
        self
    }

    /// The same field, drawn as that of a layer of which so many numbers feed each output.
    #[must_use]
    pub const fn fan_in(mut self, numbers: usize) -> Self {
        self.fan_in = Some(numbers);
        self
    }

    /// The same field, of a type that isn't the library's.
    #[must_use]
    pub const fn own(mut self) -> Self {
        self.own = true;
        self
    }

    /// The same field, with other values that are kept while it runs.
    #[must_use]
    pub const fn beside(mut self, values: usize) -> Self {
        self.beside = values;
        self
    }

    /// The same field, saved and not trained.
    #[must_use]
    pub const fn buffer(mut self) -> Self {
        self.buffer = true;
        self
    }
}
