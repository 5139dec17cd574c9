//! A network's table of layers as text, written while the program compiles.

use crate::{
    parameters::layout::{Field, Layout},
    text::Text,
    value::Shape,
};

/// The last column has no width, and nothing behind it.
const HEADINGS: [&str; COLUMNS] = ["stage", "layer", "inputs", "outputs", "parameters"];
const LAST: &str = "tensors";
const COLUMNS: usize = 5;
/// The columns of numbers, which are aligned to the right, begin here.
const NUMBERS: usize = 2;
/// Spaces between columns, and before a field of a field.
const GAP: usize = 2;
/// What stands behind the number of all parameters.
const END: &str = " parameters";

/// What the table takes.
#[derive(Clone, Copy)]
pub struct Sizes {
    /// The columns' characters.
    widths: [usize; COLUMNS],
    rows: usize,
    /// The bytes of the last column, with the gaps before it.
    last: usize,
    /// As many bytes more than characters.
    more: usize,
    /// The bytes of the first line and of the last one.
    ends: usize,
}

impl Sizes {
    /// Those of a network of this name.
    #[must_use]
    pub const fn new(name: &str, layout: &Layout) -> Self {
        let mut sizes = Self {
            widths: [0; COLUMNS],
            rows: 1,
            last: GAP + LAST.len(),
            more: 0,
            ends: name.len() + 1 + digits(layout.parameters()) + END.len(),
        };
        let mut column = 0;
        while column < COLUMNS {
            sizes.widths[column] = HEADINGS[column].len();
            column += 1;
        }
        sizes.add(layout, 0);
        sizes
    }

    /// How many bytes [`write`] takes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        let [a, b, c, d, e] = self.widths;
        let row = a + b + c + d + e + GAP * (COLUMNS - 1) + 1;
        self.ends + self.rows * row + self.last + self.more
    }

    const fn add(&mut self, layout: &Layout, depth: usize) {
        let mut rest = fields(layout);
        while let [field, tail @ ..] = rest {
            if has_row(field) {
                self.rows += 1;
                let name = chars(field.name);
                self.more += field.name.len() - name;
                self.widen(0, GAP * depth + name);
                if let Some(stage) = field.stage {
                    let mut layer = chars(stage.layer);
                    self.more += stage.layer.len() - layer;
                    if let Layout::Array { len: copies, .. } = field.layout {
                        layer += 3 + digits(copies);
                        self.more += "×".len() - 1;
                    }
                    self.widen(1, layer);
                    self.widen(2, width(&stage.inputs));
                    self.widen(3, width(&stage.outputs));
                    let crosses = stage.inputs.rank() - 1 + stage.outputs.rank() - 1;
                    self.more += crosses * ("×".len() - 1);
                }
                self.widen(4, digits(field.layout.parameters()));
                let mut tensors = Text::<0>::new();
                self::tensors(&mut tensors, fields(&field.layout));
                self.last += tensors.len();
                self.add(&field.layout, depth + 1);
            }
            rest = tail;
        }
    }

    const fn widen(&mut self, column: usize, width: usize) {
        if self.widths[column] < width {
            self.widths[column] = width;
        }
    }
}

/// The table in `N` bytes, as many as its sizes say.
#[must_use]
pub const fn write<const N: usize>(name: &str, layout: &Layout, sizes: &Sizes) -> [u8; N] {
    let (mut text, widths) = (Text::<N>::new(), &sizes.widths);
    text.str(name);
    text.str("\n");
    let mut column = 0;
    while column < COLUMNS {
        let (heading, width) = (HEADINGS[column], widths[column]);
        if column >= NUMBERS {
            text.spaces(width - heading.len());
            text.str(heading);
        } else {
            text.str(heading);
            text.spaces(width - heading.len());
        }
        text.spaces(GAP);
        column += 1;
    }
    text.str(LAST);
    text.str("\n");
    rows(&mut text, layout, 0, widths);
    text.number(layout.parameters());
    text.str(END);
    assert!(text.len() == N, "the table has another size");
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

const fn rows<const N: usize>(
    text: &mut Text<N>,
    layout: &Layout,
    depth: usize,
    widths: &[usize; COLUMNS],
) {
    let mut rest = fields(layout);
    while let [field, tail @ ..] = rest {
        if has_row(field) {
            text.spaces(GAP * depth);
            text.str(field.name);
            text.spaces(widths[0] - GAP * depth - chars(field.name) + GAP);
            if let Some(stage) = field.stage {
                let mut layer = chars(stage.layer);
                text.str(stage.layer);
                if let Layout::Array { len: copies, .. } = field.layout {
                    text.str(" × ");
                    text.number(copies);
                    layer += 3 + digits(copies);
                }
                text.spaces(widths[1] - layer + GAP + widths[2] - width(&stage.inputs));
                text.shape(&stage.inputs);
                text.spaces(GAP + widths[3] - width(&stage.outputs));
                text.shape(&stage.outputs);
            } else {
                text.spaces(widths[1] + GAP + widths[2] + GAP + widths[3]);
            }
            let parameters = field.layout.parameters();
            text.spaces(GAP + widths[4] - digits(parameters));
            text.number(parameters);
            tensors(text, fields(&field.layout));
            text.str("\n");
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

/// `  weight [5, 10], bias [5]`, or nothing.
const fn tensors<const N: usize>(text: &mut Text<N>, mut rest: &[Field]) {
    let mut separator = "  ";
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

/// The characters of a name.
const fn chars(name: &str) -> usize {
    let (mut chars, mut rest) = (0, name.as_bytes());
    while let [byte, tail @ ..] = rest {
        // Continuation bytes of UTF-8 are no characters of their own.
        if *byte & 0xC0 != 0x80 {
            chars += 1;
        }
        rest = tail;
    }
    chars
}

const fn digits(mut number: usize) -> usize {
    let mut digits = 1;
    while number >= 10 {
        number /= 10;
        digits += 1;
    }
    digits
}

/// The characters of `3×32×32`.
const fn width(shape: &Shape) -> usize {
    let mut rest = shape.dims();
    let mut width = rest.len() - 1;
    while let [dim, tail @ ..] = rest {
        width += digits(*dim);
        rest = tail;
    }
    width
}
