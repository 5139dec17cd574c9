//! A network's table of layers as text, written while the program compiles.

use crate::{
    parameters::layout::{Field, Layout},
    text::Text,
};

const HEADINGS: [&str; COLUMNS] = [
    "stage",
    "layer",
    "inputs",
    "outputs",
    "parameters",
    "tensors",
];
const COLUMNS: usize = 6;
/// The columns of numbers, which are aligned to the right.
const NUMBERS: core::ops::Range<usize> = 2..5;

/// How many bytes [`write`] takes.
#[must_use]
pub const fn len(name: &str, layout: &Layout) -> usize {
    let mut text = Text::<0>::new();
    table(&mut text, name, layout);
    text.len()
}

/// The table in `N` bytes, as many as [`len`] says.
#[must_use]
pub const fn write<const N: usize>(name: &str, layout: &Layout) -> [u8; N] {
    let mut text = Text::<N>::new();
    table(&mut text, name, layout);
    text.into_bytes()
}

/// The bytes that [`write`] wrote, as text.
#[must_use]
pub const fn text(bytes: &'static [u8]) -> &'static str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

const fn table<const N: usize>(text: &mut Text<N>, name: &str, layout: &Layout) {
    let mut widths = [0; COLUMNS];
    let mut column = 0;
    while column < COLUMNS {
        widths[column] = Text::<0>::from(HEADINGS[column]).chars();
        column += 1;
    }
    measure(layout, 0, &mut widths);

    text.str(name);
    text.end_line();
    let mut column = 0;
    while column < COLUMNS {
        push(text, &Text::<64>::from(HEADINGS[column]), column, &widths);
        column += 1;
    }
    text.end_line();
    rows(text, layout, 0, &widths);
    text.number(layout.parameters());
    text.str(" parameters");
}

const fn measure(layout: &Layout, depth: usize, widths: &mut [usize; COLUMNS]) {
    let mut rest = fields(layout);
    while let [field, tail @ ..] = rest {
        if has_row(field) {
            let mut column = 0;
            while column < COLUMNS {
                let width = cell::<0>(field, depth, column).chars();
                if width > widths[column] {
                    widths[column] = width;
                }
                column += 1;
            }
            measure(&field.layout, depth + 1, widths);
        }
        rest = tail;
    }
}

const fn rows<const N: usize>(
    text: &mut Text<N>,
    layout: &Layout,
    depth: usize,
    widths: &[usize; COLUMNS],
) {
    let mut rest = fields(layout);
    while let [field, tail @ ..] = rest {
        if has_row(field) {
            let mut column = 0;
            while column < COLUMNS {
                push(text, &cell::<1024>(field, depth, column), column, widths);
                column += 1;
            }
            text.end_line();
            rows(text, &field.layout, depth + 1, widths);
        }
        rest = tail;
    }
}

/// Tensors are shown with their owner, and a field without any (`NoBias`) isn't shown.
const fn has_row(field: &Field) -> bool {
    field.stage.is_some() || (field.tensor().is_none() && !fields(&field.layout).is_empty())
}

/// The fields of a struct, or of one item of an array.
const fn fields(layout: &Layout) -> &'static [Field] {
    match layout {
        Layout::Struct(fields) => fields,
        Layout::Array { item, .. } => fields(item),
        Layout::Tensor(_) => &[],
    }
}

const fn cell<const N: usize>(field: &Field, depth: usize, column: usize) -> Text<N> {
    let mut text = Text::new();
    match (column, field.stage) {
        (0, _) => {
            text.spaces(2 * depth);
            text.str(field.name);
        }
        (1, Some(stage)) => {
            text.str(stage.layer);
            if let Layout::Array { len: copies, .. } = field.layout {
                text.str(" × ");
                text.number(copies);
            }
        }
        (2, Some(stage)) => text.shape(&stage.inputs),
        (3, Some(stage)) => text.shape(&stage.outputs),
        (4, _) => text.number(field.layout.parameters()),
        (5, _) => tensors(&mut text, fields(&field.layout)),
        _ => {}
    }
    text
}

/// `weight [5, 10], bias [5]`
const fn tensors<const N: usize>(text: &mut Text<N>, mut rest: &[Field]) {
    let mut separator = "";
    while let [field, tail @ ..] = rest {
        if let Some(tensor) = field.tensor() {
            text.str(separator);
            separator = ", ";
            text.str(field.key);
            text.str(" [");
            let mut dim = 0;
            while dim < tensor.shape().len() {
                if dim > 0 {
                    text.str(", ");
                }
                text.number(tensor.shape()[dim]);
                dim += 1;
            }
            text.str("]");
        }
        rest = tail;
    }
}

const fn push<const N: usize, const M: usize>(
    text: &mut Text<N>,
    cell: &Text<M>,
    column: usize,
    widths: &[usize; COLUMNS],
) {
    let padding = widths[column] - cell.chars();
    let right = NUMBERS.start <= column && column < NUMBERS.end;
    text.spaces(if right { padding } else { 0 });
    text.bytes(cell.as_bytes());
    text.spaces(if right { 0 } else { padding });
    text.spaces(2);
}
