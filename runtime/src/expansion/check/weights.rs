//! What is said of a weight file that is not the network's.

use crate::{
    parameters::layout::Layout,
    text::Text,
    value::Shape,
    weights::{
        compare::{equal, same},
        embed::{self, Fault, FileTensor, Header, Key, Leaf},
        nearest::Wanted,
    },
};

/// The keys that a message lists at the most.
const LISTED: usize = 8;

type Message = Text<1024>;

/// A stage's tensors are in the file, with their shapes, and nothing else is there under its name,
/// if that is strict. `path` leads to the stage through the structs of `layout`, and `earlier` to one
/// that is some stages before it, if there is one: where that has no tensors either, the file is another
/// network's, and to look for what was meant would take the compiler seconds for each stage.
#[track_caller]
#[inline]
pub const fn stage(
    layout: &Layout,
    file: &Header,
    path: &[usize],
    earlier: &[usize],
    written: &str,
) {
    let Some(fault) = embed::fault(layout, file, path) else {
        return;
    };
    // A size of 0 is an error of its own.
    if let Fault::Missing(leaf) | Fault::Shape(leaf, _) = &fault
        && leaf.tensor.is_empty()
    {
        return;
    }
    let mut text = Message::new();
    match fault {
        Fault::Missing(leaf) => {
            // Where a prefix is forgotten, every tensor is missing: the first one says so.
            if let Some(Fault::Missing(first)) = embed::fault(layout, file, &[])
                && !equal(first.key.as_bytes(), leaf.key.as_bytes())
                && embed::is_before_both(file, &leaf.key, &first.key)
            {
                return;
            }
            missing(&mut text, &leaf, file, written);
            let is_another = !earlier.is_empty()
                && matches!(embed::fault(layout, file, earlier), Some(Fault::Missing(_)));
            if is_another {
                list_keys(&mut text, file);
            } else if let Some(before) = embed::before_all(layout, file, &leaf.key) {
                forgotten(&mut text, file, before);
            } else {
                there(&mut text, &leaf, layout, file);
            }
        }
        Fault::Shape(leaf, found) => shape(&mut text, &leaf, &found, file, written),
        Fault::Dtype(tensor, expected) => {
            text.str("weights mismatch: ");
            key(&mut text, file, tensor.name.as_bytes());
            text.str(" is ");
            text.str(tensor.dtype);
            text.str(" in ");
            quoted(&mut text, file.name);
            text.str(", but ");
            text.str(expected);
            text.str(" can be read");
        }
        Fault::Scalar(leaf) => {
            text.str("weights mismatch: ");
            key(&mut text, file, leaf.key.as_bytes());
            text.str(" is ");
            text.str(leaf.tensor.scalar());
            text.str(" in the network, whose own scalar is ");
            text.str(file.scalar);
            text.str("\nhelp: such a network can `load` its weights, but not embed them");
        }
        Fault::Unexpected(tensor) => unexpected(&mut text, &tensor, file, written),
    }
    panic!("{}", text.as_str());
}

/// Every tensor of the file is one of the network's. Where one of its `stages` has a fault, that is
/// an error of its own, and this says nothing.
#[track_caller]
#[inline]
pub const fn nothing_else(layout: &Layout, file: &Header, mut stages: &[&[usize]]) {
    while let [path, rest @ ..] = stages {
        if embed::fault(layout, file, path).is_some() {
            return;
        }
        stages = rest;
    }
    if let Some(tensor) = file.unexpected(layout, &Key::new()) {
        let mut text = Message::new();
        unexpected(&mut text, &tensor, file, "");
        panic!("{}", text.as_str());
    }
}

#[inline]
const fn missing(text: &mut Message, leaf: &Leaf, file: &Header, written: &str) {
    text.str("weights mismatch: `");
    text.str(written);
    text.str("` needs ");
    key(text, file, leaf.key.as_bytes());
    text.str(" of shape ");
    list(text, leaf.tensor.shape());
    text.str(", which ");
    quoted(text, file.name);
    text.str(" does not have\nhelp: ");
}

/// What the file has in the place of a tensor that is missing.
#[inline]
const fn there(text: &mut Message, leaf: &Leaf, layout: &Layout, file: &Header) {
    if let Some(nearest) = nearest(leaf.key.as_bytes(), layout, file) {
        text.str("it has ");
        key(text, file, nearest.name.as_bytes());
        text.str(" of shape ");
        list(text, nearest.shape);
        return;
    }
    list_keys(text, file);
}

#[inline]
const fn list_keys(text: &mut Message, file: &Header) {
    text.str("it has");
    let mut index = 0;
    while index < file.tensors.len() && index < LISTED {
        text.str(if index == 0 { " " } else { ", " });
        key(text, file, file.tensors[index].name.as_bytes());
        index += 1;
    }
    if index < file.tensors.len() {
        text.str(", and ");
        text.number(file.tensors.len() - index);
        text.str(" more");
    }
    if index == 0 {
        text.str(" no tensors");
    }
}

/// What should have been the prefix.
#[inline]
const fn forgotten(text: &mut Message, file: &Header, before: &[u8]) {
    text.str("all of the network's keys begin with \"");
    text.str(file.prefix);
    text.bytes(before);
    text.str("\" there: write `prefix = \"");
    text.str(file.prefix);
    text.bytes(before);
    text.str("\"`");
}

#[inline]
const fn shape(text: &mut Message, leaf: &Leaf, found: &FileTensor, file: &Header, written: &str) {
    text.str("weights mismatch: ");
    key(text, file, leaf.key.as_bytes());
    text.str(" of `");
    text.str(written);
    text.str("` has shape ");
    list(text, leaf.tensor.shape());
    text.str(", but ");
    list(text, found.shape);
    text.str(" in ");
    quoted(text, file.name);
    if let ([rows, columns], [first, second]) = (leaf.tensor.shape(), found.shape)
        && *rows == *second
        && *columns == *first
    {
        text.str("\nhelp: this looks transposed; PyTorch keeps [out_features, in_features]");
    }
}

#[inline]
const fn unexpected(text: &mut Message, tensor: &FileTensor, file: &Header, written: &str) {
    text.str("weights mismatch: ");
    quoted(text, file.name);
    text.str(" has ");
    key(text, file, tensor.name.as_bytes());
    text.str(" of shape ");
    list(text, tensor.shape);
    text.str(", which ");
    if written.is_empty() {
        text.str("the network");
    } else {
        text.str("`");
        text.str(written);
        text.str("`");
    }
    text.str(" does not have");
}

/// What the file of a reference check holds: `input` and `output`, a value for each sample.
#[track_caller]
#[inline]
pub const fn reference(inputs: Shape, outputs: Shape, file: &Header) {
    // A size of 0 is an error of its own.
    if inputs.len() == 0 || outputs.len() == 0 {
        return;
    }
    let samples = rows(b"input", &inputs, None, file);
    let samples = rows(b"output", &outputs, Some(samples), file);
    if samples == 0 {
        let mut text = Message::from("the reference check ");
        quoted(&mut text, file.name);
        text.str(" has no samples");
        panic!("{}", text.as_str());
    }
}

/// The number of values in a tensor, which are of this shape, and as many as in another.
#[track_caller]
#[inline]
const fn rows(name: &[u8], of: &Shape, rows: Option<usize>, file: &Header) -> usize {
    let mut text = Message::from("the reference check ");
    quoted(&mut text, file.name);
    match file.tensor(name) {
        None => text.str(" has no `"),
        Some(FileTensor {
            shape: [found, rest @ ..],
            is_readable: true,
            ..
        }) if same(rest, of.dims())
            && (rows.is_none() || matches!(rows, Some(n) if n == *found)) =>
        {
            return *found;
        }
        Some(tensor) if !tensor.is_readable => {
            text.str(" has ");
            text.str(tensor.dtype);
            text.str(" numbers, which can't be read, as its `");
        }
        Some(tensor) => {
            text.str(" has ");
            text.str(tensor.dtype);
            text.str(" numbers of shape ");
            list(&mut text, tensor.shape);
            text.str(" as its `");
        }
    }
    text.bytes(name);
    text.str("`\nhelp: it is the network's, of shape [");
    match rows {
        Some(rows) => text.number(rows),
        None => text.str("n"),
    }
    let mut rest = of.dims();
    while let [dim, tail @ ..] = rest {
        text.str(", ");
        text.number(*dim);
        rest = tail;
    }
    text.str("], as PyTorch computed it");
    panic!("{}", text.as_str());
}

/// A key as it is in the file.
#[inline]
const fn key(text: &mut Message, file: &Header, name: &[u8]) {
    text.str("`");
    text.str(file.prefix);
    text.bytes(name);
    text.str("`");
}

#[inline]
const fn quoted(text: &mut Message, name: &str) {
    text.str("\"");
    text.str(name);
    text.str("\"");
}

/// `[64, 10]`
#[inline]
const fn list(text: &mut Message, shape: &[usize]) {
    text.str("[");
    let mut index = 0;
    while index < shape.len() {
        if index > 0 {
            text.str(", ");
        }
        text.number(shape[index]);
        index += 1;
    }
    text.str("]");
}

/// The key of the file that differs least, if it differs by a few letters and is nobody else's.
#[inline]
const fn nearest(key: &[u8], layout: &Layout, file: &Header) -> Option<FileTensor> {
    let wanted = Wanted::new(key);
    let mut best = None;
    let mut least = wanted.too_many();
    let mut rest = file.tensors;
    while let [tensor, tail @ ..] = rest {
        if let Some(distance) = wanted.distance(tensor.name.as_bytes(), least)
            && !embed::has(layout, &Key::new(), tensor.name)
        {
            (best, least) = (Some(*tensor), distance);
        }
        rest = tail;
    }
    best
}
